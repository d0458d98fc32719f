using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Auditing;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>One request on one silo: sets money aside, makes the call and books it, as the router does.</summary>
internal sealed class SimCaller(SimWorld world, SimSilo silo, AccountId account, string attemptId, long upper, long floor, bool billed) : IDisposable
{
    private const int LeaseTries = 3;
    private static readonly EndpointId Endpoint = new("sim");

    private readonly CancellationTokenSource _cancel = new();

    public SimSilo Silo => silo;

    public AccountId Account => account;

    public long Floor => floor;

    /// <summary>It has ended, or its silo has.</summary>
    public bool IsOver => HasEnded || silo.Context.IsDead;

    public bool HasEnded { get; private set; }

    /// <summary>How its last reservation ended.</summary>
    public ReserveOutcome Outcome { get; private set; }

    public void Start() => silo.Context.Run(() => _ = RunAsync());

    /// <summary>Its own caller goes away.</summary>
    public void Cancel() => silo.Context.Post(() =>
    {
        if (!HasEnded)
        {
            _cancel.Cancel();
        }
    });

    public void Dispose() => _cancel.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await TryAsync();
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            world.Coverage.Note(Seen.RequestCancelled);
        }
        catch (Exception fault)
        {
            world.Auditor.Violated("caller", $"attempt {attemptId} failed with {fault}");
        }

        HasEnded = true;
        Dispose();
    }

    private async Task TryAsync()
    {
        for (var tries = 1; tries <= LeaseTries; tries++)
        {
            var result = await silo.Agent.ReserveAsync(account, Endpoint, attemptId, upper, floor, _cancel.Token);
            Outcome = result.Outcome;
            world.Note("reserved", attemptId, $"{result.Outcome} {account} on {silo.Name}", result.Hold?.Nanos ?? 0);
            if (result.Hold is not { } hold)
            {
                Refused(result.Outcome);
                return;
            }

            if (await StartAsync(hold) is not { } started || started)
            {
                return;
            }
        }
    }

    /// <returns>True when the call was made, false when the lease was gone, null when the journal was.</returns>
    private async Task<bool?> StartAsync(Hold hold)
    {
        var session = hold.Sessions[0];
        try
        {
            if (!await silo.Agent.StartAsync(hold, Endpoint, _cancel.Token))
            {
                return false;
            }
        }
        catch (Exception e) when (e is JournalUnavailableException)
        {
            return null;
        }

        var fate = billed ? world.Provider.Decide(world.Loop.Random, hold.Nanos) : new CallFate(CallEnd.NotBilled, 0, TimeSpan.FromMilliseconds(5));
        world.Auditor.Called(account.Value, attemptId, session.Book.LeaseId, hold.Nanos, fate, silo);
        world.Coverage.Note(hold.Clamped ? Seen.RequestClamped : Seen.RequestServed);
        await Task.Delay(fate.Latency, silo.Time);
        world.Auditor.Ended(attemptId);
        await (fate.End switch
        {
            CallEnd.Answered => silo.Agent.SettleAsync(hold, Endpoint, fate.Bill, new TokenUsage()),
            CallEnd.NotBilled => silo.Agent.VoidAsync(hold, started: true),
            _ => silo.Agent.MarkUnconfirmedAsync(hold, lowerNanos: 0),
        });
        silo.Agent.CountRequest(account, [Endpoint]);
        return true;
    }

    private void Refused(ReserveOutcome outcome) =>
        world.Coverage.Note(outcome == ReserveOutcome.CapReached ? Seen.RequestRefusedByCap : Seen.RequestNotServedInTime);
}
