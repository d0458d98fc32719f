namespace Cascade.Budgets;

/// <summary>Finds the first value of a command that is out of range.</summary>
internal static class CommandChecks
{
    public static bool HasUsableId(LedgerCommand command) => IdProblem("OperationId", command.OperationId) is null;

    public static string? Problem(LedgerState state, LedgerCommand command, DateTimeOffset clock) =>
        IdProblem("OperationId", command.OperationId) ?? ContentProblem(state, command, clock) ?? TotalProblem(state, command);

    private static string? ContentProblem(LedgerState state, LedgerCommand command, DateTimeOffset clock) => command switch
    {
        SetCaps caps => CapsProblem(caps),
        GrantLease grant => GrantProblem(state, grant),
        ReportUsage report => LifetimeProblem(report.Lifetime) ?? TotalsProblem(state, report.Totals) ?? ReleasedProblem(state, report.Totals),
        CloseLease close => close.Overrun < Money.Zero ? $"Overrun is {close.Overrun}; use zero or more" : TotalsProblem(state, close.Totals),
        Reconcile truth => ReconcileProblem(state, truth),
        SetOverride change => OverrideChecks.Problem(state, change, clock),
        EndOverride end => OverrideChecks.Problem(state, end),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a command of the ledger"),
    };

    private static string? CapsProblem(SetCaps command)
    {
        if (command.Caps.IsDefault || command.Caps.Length > LedgerLimits.MaxCaps)
        {
            return $"Caps is {(command.Caps.IsDefault ? "unset" : "too long")}; give at most {LedgerLimits.MaxCaps} caps, or an empty list";
        }

        var twins = command.Caps.GroupBy(cap => cap.Key).FirstOrDefault(group => group.Count() > 1);
        return twins is not null
            ? $"Caps has {twins.Count()} caps that are all {twins.Key}; keep one"
            : command.Caps.SelectMany((cap, i) => WindowCapValidator.Check($"Caps:{i}", cap)).FirstOrDefault();
    }

    private static string? GrantProblem(LedgerState state, GrantLease command)
    {
        var problem = IdProblem("LeaseId", command.LeaseId) ?? IdProblem("Holder", command.Holder) ?? BeneficiaryProblem(command.Beneficiary)
            ?? AmountProblem("Wanted", command.Wanted) ?? AmountProblem("Exposure", command.Exposure) ?? LifetimeProblem(command.Lifetime);
        if (problem is not null)
        {
            return problem;
        }

        if (command.Needed.Nanos < 1 || command.Needed > command.Wanted)
        {
            return $"Needed is {command.Needed}; use more than zero and at most what is wanted, {command.Wanted}";
        }

        if (Lease.ExposureAttempt(command.LeaseId).Length > LedgerLimits.MaxIdLength)
        {
            return $"LeaseId has {command.LeaseId.Length} characters; leave room for the name of its exposure within {LedgerLimits.MaxIdLength}";
        }

        return state.Leases.TryGetValue(command.LeaseId, out var taken) && LedgerQueries.LeaseOf(state, command.Holder, command.Beneficiary) is null
            ? $"LeaseId '{command.LeaseId}' is open for '{taken.Holder}'; use an id that was never used"
            : null;
    }

    private static string? TotalsProblem(LedgerState state, LeaseTotals? totals)
    {
        if (totals is null)
        {
            return "Totals is unset; give the totals of the lease";
        }

        if (totals.Requests is < 0 or > LedgerLimits.MaxRequests)
        {
            return $"Requests is {totals.Requests}; use 0 to {LedgerLimits.MaxRequests}";
        }

        return IdProblem("LeaseId", totals.LeaseId)
            ?? AmountProblem("Settled", totals.Settled)
            ?? AmountProblem("Released", totals.Released)
            ?? ModelsProblem(totals)
            ?? AttemptsProblem(state, totals);
    }

    private static string? ModelsProblem(LeaseTotals totals)
    {
        if (totals.ByModel.IsDefault || totals.ByModel.Length > LedgerLimits.MaxModels)
        {
            return $"ByModel is {(totals.ByModel.IsDefault ? "unset" : "too long")}; name at most {LedgerLimits.MaxModels} endpoints, or none";
        }

        for (var i = 0; i < totals.ByModel.Length; i++)
        {
            var model = totals.ByModel[i];
            if (model?.Endpoint is null || model.Endpoint.Length > LedgerLimits.MaxIdLength)
            {
                return $"ByModel:{i}:Endpoint is unset or too long; use at most {LedgerLimits.MaxIdLength} characters";
            }

            var least = Math.Min(Math.Min(model.Tokens.Input, model.Tokens.Output), Math.Min(model.Tokens.Cached, model.Tokens.Reasoning));
            if (least < 0 || model.Attempts is < 0 or > LedgerLimits.MaxRequests)
            {
                return $"ByModel:{i} counts {model.Attempts} attempts and {model.Tokens}; use zero or more, "
                    + $"and at most {LedgerLimits.MaxRequests} attempts";
            }

            if (AmountProblem("Settled", model.Settled) is { } problem)
            {
                return $"ByModel:{i}:{problem}";
            }

            for (var j = 0; j < i; j++)
            {
                if (totals.ByModel[j].Endpoint == model.Endpoint)
                {
                    return $"ByModel names endpoint '{model.Endpoint}' twice; name it once, with its total";
                }
            }
        }

        return null;
    }

    private static string? AttemptsProblem(LedgerState state, LeaseTotals totals)
    {
        if (totals.Unconfirmed.IsDefault || totals.Resolved.IsDefault
            || totals.Unconfirmed.Length + totals.Resolved.Length > LedgerLimits.MaxAttempts)
        {
            return $"Unconfirmed or Resolved is unset or too long; name at most {LedgerLimits.MaxAttempts} attempts";
        }

        if (totals.Unconfirmed.IsEmpty && totals.Resolved.IsEmpty)
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var attempt in totals.Unconfirmed)
        {
            var problem = AttemptProblem(state, totals, seen, attempt.AttemptId) ?? AmountProblem("Upper", attempt.Upper);
            if (problem is not null)
            {
                return problem;
            }

            if (attempt.Lower < Money.Zero || attempt.Lower > attempt.Upper)
            {
                return $"Lower of attempt '{attempt.AttemptId}' is {attempt.Lower}; use zero to its upper bound, {attempt.Upper}";
            }
        }

        return totals.Resolved
            .Select(a => AttemptProblem(state, totals, seen, a.AttemptId) ?? AmountProblem("Cost", a.Cost))
            .FirstOrDefault(problem => problem is not null);
    }

    private static string? AttemptProblem(LedgerState state, LeaseTotals totals, HashSet<string> seen, string? attemptId)
    {
        if (IdProblem("AttemptId", attemptId) is { } problem)
        {
            return problem;
        }

        if (!seen.Add(attemptId!))
        {
            return $"AttemptId '{attemptId}' is named twice; name an attempt once, as unconfirmed or as resolved";
        }

        if (attemptId == Lease.ExposureAttempt(totals.LeaseId))
        {
            return $"AttemptId '{attemptId}' is what the ledger names the lease's exposure; give the attempt another id";
        }

        return state.Unconfirmed.TryGetValue(attemptId!, out var entry) && (entry.Epoch != totals.Epoch || entry.LeaseId != totals.LeaseId)
            ? $"AttemptId '{attemptId}' belongs to lease '{entry.LeaseId}'; give every attempt an id of its own"
            : null;
    }

    private static string? ReleasedProblem(LedgerState state, LeaseTotals totals) =>
        state.Leases.TryGetValue(totals.LeaseId, out var lease) && lease.Epoch == totals.Epoch && totals.Released > lease.Granted
            ? $"Released is {totals.Released}; the lease was granted {lease.Granted}, so give back at most that"
            : null;

    private static string? ReconcileProblem(LedgerState state, Reconcile command)
    {
        var problem = IdProblem("AttemptId", command.AttemptId) ?? AmountProblem("Cost", command.Cost);
        return problem is null && !state.Unconfirmed.ContainsKey(command.AttemptId)
            ? $"AttemptId '{command.AttemptId}' is not unconfirmed; its cost is booked already or it belongs to another account"
            : problem;
    }

    /// <summary>No sum over an account can overflow as long as everything it ever added up stays below half of 64 bits.</summary>
    private static string? TotalProblem(LedgerState state, LedgerCommand command)
    {
        Int128 total = (Int128)state.Settled.Nanos + state.Overrun.Nanos;
        foreach (var (_, entry) in state.Unconfirmed)
        {
            total += entry.Upper.Nanos;
        }

        foreach (var (_, lease) in state.Leases)
        {
            total += (Int128)lease.Granted.Nanos + lease.Released.Nanos + lease.Settled.Nanos + lease.ReconciledAway.Nanos;
        }

        total += command switch
        {
            GrantLease grant => grant.Wanted.Nanos,
            ReportUsage report => Sum(report.Totals),
            CloseLease close => Sum(close.Totals),
            Reconcile truth => truth.Cost.Nanos,
            _ => 0,
        };
        return total > LedgerLimits.MaxTotalNanos
            ? $"the account's amounts would add up to more than {new Money(LedgerLimits.MaxTotalNanos)}; open a new account"
            : null;
    }

    private static Int128 Sum(LeaseTotals totals) => totals.Unconfirmed.Aggregate(
        (Int128)totals.Settled.Nanos + totals.Released.Nanos, (sum, attempt) => sum + attempt.Upper.Nanos);

    private static string? BeneficiaryProblem(string? beneficiary) => beneficiary is null || beneficiary.Length > LedgerLimits.MaxIdLength
        ? $"Beneficiary has {beneficiary?.Length ?? 0} characters; use at most {LedgerLimits.MaxIdLength}, and none for the general pool"
        : null;

    internal static string? IdProblem(string field, string? id) => string.IsNullOrEmpty(id) || id.Length > LedgerLimits.MaxIdLength
        ? $"{field} has {id?.Length ?? 0} characters; use 1 to {LedgerLimits.MaxIdLength}"
        : null;

    private static string? AmountProblem(string field, Money amount)
    {
        var least = field == "Wanted" ? 1 : 0;
        return amount.Nanos < least || amount.Nanos > LedgerLimits.MaxAmountNanos
            ? $"{field} is {amount}; use {(least == 0 ? "zero" : "more than zero")} to {new Money(LedgerLimits.MaxAmountNanos)}"
            : null;
    }

    private static string? LifetimeProblem(TimeSpan lifetime) => lifetime <= TimeSpan.Zero || lifetime > LedgerLimits.MaxLifetime
        ? $"Lifetime is {lifetime}; use more than zero and at most {LedgerLimits.MaxLifetime}"
        : null;
}
