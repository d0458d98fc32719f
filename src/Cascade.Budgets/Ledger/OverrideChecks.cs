namespace Cascade.Budgets;

/// <summary>Finds what is wrong with a command about an override.</summary>
internal static class OverrideChecks
{
    public static string? Problem(LedgerState state, SetOverride command, DateTimeOffset clock)
    {
        var set = command.Override;
        if (set is null)
        {
            return "Override is unset; give its name, change, expiry, author and reason";
        }

        return CommandChecks.IdProblem("Override:Id", set.Id)
            ?? TextProblem("Override:Author", set.Author)
            ?? TextProblem("Override:Reason", set.Reason)
            ?? ChangeProblem(set.Change)
            ?? ExpiryProblem(set.ExpiresAt, clock)
            ?? PlaceProblem(state, command.Cap, set, clock);
    }

    public static string? Problem(LedgerState state, EndOverride command) =>
        CommandChecks.IdProblem("OverrideId", command.OverrideId)
        ?? LengthProblem("Author", command.Author)
        ?? LengthProblem("Reason", command.Reason)
        ?? (Find(state, command.OverrideId) is null
            ? $"OverrideId '{command.OverrideId}' is not set; it has expired, was revoked, or belongs to another account"
            : null);

    private static string? PlaceProblem(LedgerState state, CapKey cap, CapOverride set, DateTimeOffset clock)
    {
        var window = state.Windows.FirstOrDefault(w => w.Cap.Key == cap);
        if (window is null)
        {
            var known = string.Join(", ", state.Windows.Select(w => w.Cap.Key));
            return $"Cap '{cap}' is none of the account's; use {(known.Length == 0 ? "another account, this one has no caps" : $"one of {known}")}";
        }

        if (Find(state, set.Id) is { } elsewhere && elsewhere.Cap.Key != cap)
        {
            return $"Override:Id '{set.Id}' is an override of {elsewhere.Cap.Key}; use another name, or end that one first";
        }

        var others = window.Overrides.Where(o => o.Id != set.Id && o.ExpiresAt > clock).ToList();
        if (others.Count >= LedgerLimits.MaxOverrides)
        {
            return $"Cap '{cap}' has {others.Count} overrides; end one of them first";
        }

        var up = others.Append(set).Aggregate((Int128)0, (sum, o) => sum + Int128.Max(0, o.Change.Nanos));
        var down = others.Append(set).Aggregate((Int128)0, (sum, o) => sum + Int128.Max(0, -(Int128)o.Change.Nanos));
        return up > LedgerLimits.MaxAmountNanos || down > LedgerLimits.MaxAmountNanos
            ? $"Override:Change is {set.Change}; all changes of a cap together are at most {new Money(LedgerLimits.MaxAmountNanos)} either way"
            : null;
    }

    private static WindowState? Find(LedgerState state, string overrideId) =>
        state.Windows.FirstOrDefault(w => w.Overrides.Any(o => o.Id == overrideId));

    private static string? ChangeProblem(Money change) =>
        change == Money.Zero || change.Nanos is > LedgerLimits.MaxAmountNanos or < -LedgerLimits.MaxAmountNanos
            ? $"Override:Change is {change}; use an amount above or below zero, at most {new Money(LedgerLimits.MaxAmountNanos)} either way"
            : null;

    private static string? ExpiryProblem(DateTimeOffset expiresAt, DateTimeOffset clock) =>
        expiresAt <= clock || expiresAt > clock + LedgerLimits.MaxOverride
            ? $"Override:ExpiresAt is {expiresAt:u}; use a time after {clock:u} and at most {LedgerLimits.MaxOverride.TotalDays} days later"
            : null;

    // Nobody need say why an override ends, but what is said is kept in a line of bounded length.
    private static string? LengthProblem(string field, string? text) => text?.Length > LedgerLimits.MaxTextLength
        ? $"{field} has {text.Length} characters; say it in at most {LedgerLimits.MaxTextLength}, or not at all"
        : null;

    private static string? TextProblem(string field, string? text) => string.IsNullOrWhiteSpace(text) || text.Length > LedgerLimits.MaxTextLength
        ? $"{field} has {text?.Length ?? 0} characters; say it in 1 to {LedgerLimits.MaxTextLength}"
        : null;
}
