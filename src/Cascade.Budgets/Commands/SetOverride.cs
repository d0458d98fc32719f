namespace Cascade.Budgets;

/// <summary>
/// Changes one cap for a time; an override of the same name is replaced. The limit that counts is that of the moment of access. When an
/// override ends, nothing is taken back: the window may lawfully be over its cap then, as under a cap that is lowered.
/// </summary>
public sealed record SetOverride : LedgerCommand
{
    /// <summary>The cap.</summary>
    public required CapKey Cap { get; init; }

    /// <summary>The override; all changes of one cap together are at most <see cref="LedgerLimits.MaxAmountNanos"/> either way.</summary>
    public required CapOverride Override { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("override").Add((long)Cap.Window).Add(Cap.Span.Ticks).Add(Cap.TimeZone).Add((long)Cap.Mode);
        fingerprint.Add(Override?.Id).Add(Override?.Change.Nanos ?? 0).Add(Override?.ExpiresAt.UtcTicks ?? 0);
        fingerprint.Add(Override?.Author).Add(Override?.Reason);
    }
}

/// <summary>Ends an override before its time.</summary>
public sealed record EndOverride : LedgerCommand
{
    /// <summary>The override.</summary>
    public required string OverrideId { get; init; }

    /// <summary>Who ends it.</summary>
    public string Author { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    internal override void Describe(Fingerprint fingerprint) => fingerprint.Add("end-override").Add(OverrideId).Add(Author).Add(Reason);
}
