namespace Cascade.Budgets;

/// <summary>
/// The ledger of one account as a pure state machine: a state, a command and an instant give the next state and an answer. It knows no
/// storage, no clock and no threads; its owner makes the next state durable before it passes the answer on.
/// </summary>
/// <remarks>
/// Windows roll when a command comes, not by a timer. A refusal is an answer; only a contradiction in the ledger itself throws.
/// </remarks>
public static class Ledger
{
    /// <summary>Carries out a command.</summary>
    /// <param name="state">The state.</param>
    /// <param name="command">The command.</param>
    /// <param name="now">The instant by the owner's clock; it may go back, which neither reopens a window nor loses spend.</param>
    /// <returns>The next state and the answer; see <see cref="LedgerStatus"/> for the outcomes in their order.</returns>
    /// <exception cref="LedgerInvariantException">The state given or the state reached contradicts itself; nothing may be saved.</exception>
    public static LedgerOutcome Apply(LedgerState state, LedgerCommand command, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        LedgerInvariants.Require(state, "before", command);
        var fingerprint = Fingerprint.Of(command);
        if (FindRepeated(state, command, fingerprint) is { } repeated)
        {
            return new LedgerOutcome(state, repeated);
        }

        var step = new LedgerStep(command.OperationId, now, LedgerWindows.Clock(state, now));
        if (CommandChecks.Problem(state, command, step.Clock) is { } problem)
        {
            var refused = Refuse(state, LedgerStatus.InvalidCommand) with { Problem = problem };
            return new LedgerOutcome(CommandChecks.HasUsableId(command) ? Remember(state, command, fingerprint, refused) : state, refused);
        }

        var rolled = LedgerWindows.Roll(state, step);
        var (next, result) = Dispatch(rolled, command, step);
        next = Alerting.Raise(Account(rolled, next, command, step), step);
        next = result.Status.IsTransient() ? next : Remember(next, command, fingerprint, result);
        LedgerInvariants.Require(next, "after", command);
        return new LedgerOutcome(next, result) { Entries = step.Entries };
    }

    internal static LedgerResult Refuse(LedgerState state, LedgerStatus status) => new()
    {
        Status = status,
        HardCapped = HardCapped(state),
    };

    internal static LedgerResult Done(LedgerState state, Lease? lease) => new()
    {
        Status = LedgerStatus.Ok,
        HardCapped = HardCapped(state),
        Lease = lease is null ? null : Terms(lease),
    };

    internal static LeaseTerms Terms(Lease lease) => new()
    {
        LeaseId = lease.Id,
        Epoch = lease.Epoch,
        Granted = lease.Granted,
        Exposure = lease.Exposure,
        ExpiresAt = lease.ExpiresAt,
    };

    private static bool HardCapped(LedgerState state) => state.Windows.Any(window => window.Cap.Hard);

    private static LedgerResult? FindRepeated(LedgerState state, LedgerCommand command, string fingerprint)
    {
        if (command.OperationId is null || state.Operations.Find(command.OperationId) is not { } known)
        {
            return null;
        }

        return known.Fingerprint == fingerprint ? known.Result : Refuse(state, LedgerStatus.OperationMismatch);
    }

    private static LedgerOutcome Dispatch(LedgerState state, LedgerCommand command, LedgerStep step) => command switch
    {
        SetCaps caps => CapChange.Apply(state, caps, step),
        GrantLease grant => Granting.Apply(state, grant, step),
        ReportUsage report => Reporting.Apply(state, report, step),
        CloseLease close => Closing.Apply(state, close, step),
        Reconcile truth => Reconciling.Apply(state, truth, step),
        SetOverride change => Overriding.Apply(state, change, step),
        EndOverride end => Overriding.Apply(state, end, step),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a command of the ledger"),
    };

    private static LedgerState Remember(LedgerState state, LedgerCommand command, string fingerprint, LedgerResult result) =>
        state with { Operations = state.Operations.Add(new OperationEntry(command.OperationId, fingerprint, result)) };

    /// <summary>
    /// Counts what a command committed beyond what was held for it. A grant has no such allowance: it must fit, or it is a bug. Changes of a
    /// cap explain themselves.
    /// </summary>
    private static LedgerState Account(LedgerState before, LedgerState after, LedgerCommand command, LedgerStep step)
    {
        if (ReferenceEquals(before, after) || command is SetCaps or SetOverride or EndOverride)
        {
            return after;
        }

        if (command is GrantLease)
        {
            return LedgerWindows.Tighten(after);
        }

        var growth = LedgerWindows.CommittedForLife(after) - LedgerWindows.CommittedForLife(before);
        if (growth > Money.Zero)
        {
            after = after with { Overrun = after.Overrun + growth };
            step.Write(step.Entry(LedgerEntryKind.Overran) with { Amount = growth });
        }

        var openBefore = LedgerWindows.Open(before);
        var openAfter = LedgerWindows.Open(after);
        var windows = after.Windows.ToBuilder();
        for (var i = 0; i < windows.Count; i++)
        {
            var committed = windows[i].Settled + LedgerWindows.Held(after, windows[i]) + openAfter;
            var grown = committed - (before.Windows[i].Settled + LedgerWindows.Held(before, before.Windows[i]) + openBefore);
            var allowed = windows[i].Excess + Money.Max(Money.Zero, grown);
            var over = Money.Max(Money.Zero, committed - windows[i].Limit);
            var excess = Money.Min(allowed, over);
            windows[i] = excess == windows[i].Excess ? windows[i] : windows[i] with { Excess = excess };
        }

        return after with { Windows = windows.DrainToImmutable() };
    }
}
