namespace Cascade.Simulation.Core;

/// <summary>
/// One simulated process. Everything that its code awaits continues here, so that a dead process does nothing more and a stopped one
/// does it later.
/// </summary>
internal sealed class SimContext(SimLoop loop) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Call, object? State)> _parked = [];

    public bool IsDead { get; private set; }

    public bool IsStopped { get; private set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!IsDead)
        {
            loop.Ready(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new SimulationException("a blocking call between contexts would hang the one thread there is");

    public override SynchronizationContext CreateCopy() => this;

    public void Post(Action action) => Post(static state => ((Action)state!)(), action);

    /// <summary>Starts something in this process, now.</summary>
    public void Run(Action action) => SimLoop.Enter(this, static state => ((Action)state!)(), action);

    public void Kill()
    {
        IsDead = true;
        _parked.Clear();
    }

    public void Stop() => IsStopped = true;

    public void Resume()
    {
        IsStopped = false;
        foreach (var (call, state) in _parked)
        {
            Post(call, state);
        }

        _parked.Clear();
    }

    /// <returns>Whether the process can run something now; what a stopped one cannot run it runs when it goes on.</returns>
    public bool Takes(SendOrPostCallback call, object? state)
    {
        if (IsStopped && !IsDead)
        {
            _parked.Add((call, state));
        }

        return !IsDead && !IsStopped;
    }
}
