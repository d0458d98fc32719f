using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>The first entries of an account that has balances from before its entries were kept.</summary>
public static class LedgerOpening
{
    private const string Reason = "carried over";

    /// <summary>Tells a whole state as entries.</summary>
    /// <param name="state">The state.</param>
    /// <param name="operationId">The operation that writes them.</param>
    /// <param name="now">The instant by the owner's clock.</param>
    /// <returns>Entries whose replay gives the balances of the state; none for an empty one.</returns>
    public static ImmutableArray<LedgerEntry> Of(LedgerState state, string operationId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var step = new LedgerStep(operationId, now, LedgerWindows.Clock(state, now));
        WriteSpend(state, step);
        if (!state.Windows.IsEmpty)
        {
            CapChange.Write(LedgerState.Empty, state, step);
        }

        foreach (var lease in state.Leases.Values.OrderBy(l => l.Epoch))
        {
            step.Write(step.Entry(LedgerEntryKind.LeaseOpened, lease) with
            {
                Amount = lease.Granted,
                Upper = lease.Exposure,
                ExpiresAt = lease.ExpiresAt,
                Reason = Reason,
            });
        }

        foreach (var (attemptId, held) in state.Unconfirmed.OrderBy(u => u.Key, StringComparer.Ordinal))
        {
            step.Write(step.Entry(LedgerEntryKind.Held, attemptId, held) with { Reason = Reason });
        }

        return step.Entries;
    }

    private static void WriteSpend(LedgerState state, LedgerStep step)
    {
        foreach (var model in state.ByModel)
        {
            step.Write(step.Entry(LedgerEntryKind.Booked) with
            {
                Amount = model.Settled,
                Endpoint = model.Endpoint,
                Attempts = model.Attempts,
                InputTokens = model.Tokens.Input,
                OutputTokens = model.Tokens.Output,
                CachedTokens = model.Tokens.Cached,
                ReasoningTokens = model.Tokens.Reasoning,
                Reason = Reason,
            });
        }

        if (state.Requests > 0)
        {
            step.Write(step.Entry(LedgerEntryKind.Booked) with { Requests = state.Requests, Reason = Reason });
        }

        if (state.Overrun > Money.Zero)
        {
            step.Write(step.Entry(LedgerEntryKind.Overran) with { Amount = state.Overrun, Reason = Reason });
        }
    }
}
