using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>
/// Speaks to budgets that nobody asks any more. A lease whose holder is gone is taken back, and a call of unknown cost is booked when it is old, when their
/// budget is spoken to: of an account that made its last call before a crash that would be never. Each silo looks through its own share of the stored budgets,
/// and wakes only those that have something open.
/// </summary>
/// <param name="states">What is stored; null where nothing outlives the silo.</param>
internal sealed partial class BudgetSweep(PurseEnvironment environment, ClusterModel model, IStoredStates? states = null)
{
    private static readonly TimeSpan LatestFirst = TimeSpan.FromMinutes(10);
    private readonly ILogger _logger = environment.Logger;

    private CascadeOptions Options => environment.Options;

    /// <summary>Sweeps soon after the start, and then every <see cref="CascadeOptions.SweepInterval"/> until it is stopped. Throws nothing.</summary>
    /// <param name="place">Where among the silos this one is, from 0 to 1: those that start together do not look together.</param>
    /// <param name="isMine">Whether a budget is of this silo's share.</param>
    /// <param name="stop">Stops.</param>
    public async Task RunAsync(double place, Func<string, bool> isMine, CancellationToken stop)
    {
        if (states is null)
        {
            return;
        }

        var interval = Options.SweepInterval;
        var pause = (interval < LatestFirst ? interval : LatestFirst) * (0.5 + (place / 2));
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(pause, environment.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SweepAsync(states, isMine, stop);
            pause = interval;
        }
    }

    private async Task SweepAsync(IStoredStates stored, Func<string, bool> isMine, CancellationToken stop)
    {
        var (seen, woken) = (0, 0);
        try
        {
            stop.ThrowIfCancellationRequested();
            await foreach (var key in stored.KeysAsync(LedgerBooks.GrainType, LedgerBooks.StateName, stop))
            {
                if (isMine(key) && BudgetKey.TryParse(key, out var budget, out _) && model.FindBudget(budget) is not null)
                {
                    seen++;
                    woken += await WakeAsync(stored, budget, stop) ? 1 : 0;
                }
            }

            LogSwept(seen, woken);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The silo stops, and its storage may have gone first.
        }
        catch (Exception e)
        {
            LogSweepFailed(e);
        }
    }

    /// <summary>Speaks to one budget if something is open. What is wrong with one keeps the sweep from no other.</summary>
    private async Task<bool> WakeAsync(IStoredStates stored, BudgetKey budget, CancellationToken stop)
    {
        var key = budget.ToString();
        try
        {
            return await stored.ReadAsync(LedgerBooks.GrainType, key, LedgerBooks.StateName, stop) is { } document
                && IsOpen(LedgerBooks.Read(key, document))
                && (await environment.Grain(budget).GetSnapshotAsync(collect: true, stop)).Status == BudgetStatus.Ok;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // Nothing is lost: the next sweep finds it again.
            LogWakeFailed(key, e);
            return false;
        }
    }

    private bool IsOpen(LedgerRecord record)
    {
        var now = environment.Time.GetUtcNow();
        return record.Leases.Any(lease => lease.ExpiresAt + Options.LeaseMargin <= now) || record.Unconfirmed.Any(call => call.At + Options.UnconfirmedHold <= now);
    }

    [LoggerMessage(EventId = 223, Level = LogLevel.Debug, Message = "Looked through {Seen} stored budgets and spoke to {Woken} that had something open")]
    private partial void LogSwept(int seen, int woken);

    [LoggerMessage(EventId = 224, Level = LogLevel.Warning, Message = "The stored budgets could not be looked through; it is tried again")]
    private partial void LogSweepFailed(Exception exception);

    [LoggerMessage(EventId = 225, Level = LogLevel.Warning, Message = "Budget {Budget} has something open and could not be spoken to; it is tried again")]
    private partial void LogWakeFailed(string budget, Exception exception);
}
