using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.Auditing;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>One request on one silo: sets money aside, makes the call and books it, as the router does.</summary>
internal sealed class SimCaller(
    SimWorld world, SimSilo silo, AccountId account, EndpointId endpoint, string requestId, long upper, long floor, bool billed) : IDisposable
{
    private const int LeaseTries = 3;

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
            world.Auditor.Violated("caller", $"attempt {requestId} failed with {fault}");
        }

        HasEnded = true;
        Dispose();
    }

    private async Task TryAsync()
    {
        for (var tries = 1; tries <= LeaseTries; tries++)
        {
            // As the router does: what was given up has an end in some books, so the next try is another attempt.
            var attemptId = $"{requestId}.{tries}";
            var result = await silo.Agent.ReserveAsync(account, endpoint, attemptId, upper, floor, _cancel.Token);
            Outcome = result.Outcome;
            world.Note("reserved", attemptId, $"{result.Outcome} {account} for {endpoint} on {silo.Name}", result.Hold?.Nanos ?? 0);
            if (result.Hold is not { } hold)
            {
                Refused(result);
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
        try
        {
            if (!await silo.Agent.StartAsync(hold, endpoint, _cancel.Token))
            {
                return false;
            }
        }
        catch (Exception e) when (e is JournalUnavailableException)
        {
            return null;
        }

        var fate = billed ? world.Provider.Decide(world.Loop.Random, hold.Nanos) : new CallFate(CallEnd.NotBilled, 0, TimeSpan.FromMilliseconds(5));
        world.Auditor.Called(hold, endpoint, fate, silo);
        NoteServed(hold);
        await Task.Delay(fate.Latency, silo.Time);
        world.Auditor.Ended(hold.AttemptId);
        await (fate.End switch
        {
            CallEnd.Answered => silo.Agent.SettleAsync(hold, endpoint, fate.Bill, new TokenUsage()),
            CallEnd.NotBilled => silo.Agent.VoidAsync(hold, started: true),
            _ => silo.Agent.MarkUnconfirmedAsync(hold, lowerNanos: 0),
        });
        silo.Agent.CountRequest(account, [endpoint]);
        return true;
    }

    private void NoteServed(Hold hold)
    {
        world.Coverage.Note(hold.Clamped ? Seen.RequestClamped : Seen.RequestServed);
        if (hold.Sessions.Length > 1)
        {
            world.Coverage.Note(Seen.CallPaidBySeveralBudgets);
        }

        foreach (var session in hold.Sessions)
        {
            if (session.Purse.Budget.Endpoint.Length > 0)
            {
                world.Coverage.Note(Seen.CallPaidUnderModelCap);
            }

            if (session.Purse.Beneficiary.Length > 0)
            {
                world.Coverage.Note(Seen.CallPaidFromFloor);
            }
        }
    }

    private void Refused(ReserveResult result)
    {
        world.Coverage.Note(result.Outcome == ReserveOutcome.CapReached ? Seen.RequestRefusedByCap : Seen.RequestNotServedInTime);
        if (result.Refusal is { } refusal && refusal.Account != account)
        {
            world.Coverage.Note(Seen.RequestRefusedAbove);
        }
    }
}
