namespace Cascade.Simulation.Core;

/// <summary>
/// The one thread of a simulated world. What can run now is run in an order that the seed decides; when nothing can, true time moves to the
/// next event.
/// </summary>
internal sealed class SimLoop
{
    /// <summary>More than this between two moments of time is a loop that does not end.</summary>
    private const int MostAtOnce = 100_000;

    private readonly List<(SimContext Context, SendOrPostCallback Call, object? State)> _ready = [];
    private readonly PriorityQueue<SimEvent, (long Ticks, long Order)> _events = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _order;

    /// <summary>True time since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Decides the order; exchanged at every step, so that leaving one out changes the others little.</summary>
    public SimRandom Random { get; set; } = new(0);

    /// <summary>Makes something runnable.</summary>
    public void Ready(SimContext context, SendOrPostCallback call, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            throw new SimulationException("the simulated code continued on another thread, so its order depends on the machine");
        }

        _ready.Add((context, call, state));
    }

    /// <summary>Does something at a later true time, outside of any process.</summary>
    /// <returns>The event, which can be called off.</returns>
    public SimEvent At(TimeSpan at, Action action)
    {
        var due = new SimEvent(action);
        _events.Enqueue(due, ((at > Now ? at : Now).Ticks, _order++));
        return due;
    }

    public SimEvent After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>Runs everything that can run until a true time.</summary>
    /// <param name="until">The time.</param>
    /// <param name="stop">Asked whenever time moves; true ends the run early.</param>
    public void RunUntil(TimeSpan until, Func<bool>? stop = null)
    {
        var atOnce = 0;
        while (true)
        {
            if (_ready.Count > 0)
            {
                if (++atOnce > MostAtOnce)
                {
                    throw new SimulationException($"{MostAtOnce} continuations ran without time moving on: a loop that does not end");
                }

                RunOne();
            }
            else if (_events.TryPeek(out var due, out var priority) && priority.Ticks <= until.Ticks)
            {
                _events.Dequeue();
                if (due.Action is null)
                {
                    continue;
                }

                if (priority.Ticks > Now.Ticks)
                {
                    Now = TimeSpan.FromTicks(priority.Ticks);
                    atOnce = 0;
                    if (stop?.Invoke() == true)
                    {
                        _events.Enqueue(due, priority);
                        return;
                    }
                }

                Enter(null, static action => ((Action)action!)(), due.Action);
            }
            else
            {
                Now = until > Now ? until : Now;
                return;
            }
        }
    }

    /// <summary>Runs something as if the process had done it.</summary>
    public static void Enter(SimContext? context, SendOrPostCallback call, object? state)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            call(state);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private void RunOne()
    {
        var index = Random.Below(_ready.Count);
        var (context, call, state) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (context.Takes(call, state))
        {
            Enter(context, call, state);
        }
    }
}

/// <summary>Something that will happen unless it is called off.</summary>
internal sealed class SimEvent(Action action)
{
    public Action? Action { get; private set; } = action;

    public void CallOff() => Action = null;
}

/// <summary>The simulation itself cannot go on, or the code under it broke a rule that makes it repeatable.</summary>
internal sealed class SimulationException(string message) : Exception(message);
