namespace Cascade.TestKit.Auditing;

/// <summary>What the auditor wrote down about one lease.</summary>
internal sealed class AuditedLease(string id, string holder, string beneficiary, long epoch)
{
    public string Id { get; } = id;

    public string Holder { get; } = holder;

    public string Beneficiary { get; } = beneficiary;

    public long Epoch { get; } = epoch;

    public bool Closed { get; set; }

    public List<decimal> Grants { get; } = [];

    public decimal TopSettled { get; set; }

    public decimal TopReleased { get; set; }

    public decimal TopExposure { get; set; }

    public long TopRequests { get; set; }

    public Dictionary<string, AuditedAttempt> Attempts { get; } = [];

    public decimal Held => Attempts.Values.Where(a => a.Fate == AttemptFate.Held).Sum(a => a.Upper);

    public decimal Open => Closed ? 0 : Math.Max(0, Rest);

    /// <summary>What is left of the grants; negative when attempts cost more than their bounds.</summary>
    public decimal Rest =>
        Grants.Sum() - TopReleased - TopSettled - Held - Attempts.Values.Where(a => a.Fate == AttemptFate.Reconciled).Sum(a => a.Upper);
}

/// <summary>An attempt that was unconfirmed at some time.</summary>
internal sealed class AuditedAttempt
{
    public decimal Lower { get; set; }

    public decimal Upper { get; set; }

    public DateTimeOffset At { get; init; }

    public string Beneficiary { get; init; } = "";

    public AttemptFate Fate { get; set; }
}

internal enum AttemptFate
{
    None = 0,
    Held = 1,
    Reconciled = 2,
    Resolved = 3,
    Dropped = 4,
}
