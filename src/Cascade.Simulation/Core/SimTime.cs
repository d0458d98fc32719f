namespace Cascade.Simulation.Core;

/// <summary>A process's clock: off by a skew that can jump, and running a little fast or slow. Timers run on it and fire in the process.</summary>
internal sealed class SimTime(SimLoop loop, SimContext context, DateTimeOffset epoch, TimeSpan skew, double driftPpm) : TimeProvider
{
    private const double Million = 1e6;

    private TimeSpan _skew = skew;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Sets the wall clock to another skew; the monotonic clock does not notice.</summary>
    public void JumpTo(TimeSpan skew) => _skew = skew;

    public override DateTimeOffset GetUtcNow() => epoch + _skew + Local;

    public override long GetTimestamp() => Local.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Local => TimeSpan.FromTicks(loop.Now.Ticks + (long)(loop.Now.Ticks * driftPpm / Million));

    private TimeSpan ToTrue(TimeSpan local) => TimeSpan.FromTicks((long)Math.Ceiling(local.Ticks / (1 + (driftPpm / Million))) + 1);

    private sealed class SimTimer(SimTime time, TimerCallback callback, object? state) : ITimer
    {
        private SimEvent? _due;
        private bool _gone;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due?.CallOff();
            _due = null;
            if (!_gone && dueTime >= TimeSpan.Zero)
            {
                Arm(dueTime, period);
            }

            return !_gone;
        }

        public void Dispose()
        {
            _gone = true;
            _due?.CallOff();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueTime, TimeSpan period) => _due = time.Loop.After(time.ToTrue(dueTime), () => time.Context.Post(() =>
        {
            if (_gone)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                Arm(period, period);
            }

            callback(state);
        }));
    }

    private SimLoop Loop => loop;

    private SimContext Context => context;
}
