namespace Cascade.Budgets;

/// <summary>
/// Leases money to a holder, or adds to the lease it has; a holder has at most one per beneficiary. What is granted is a quarter of what the hard caps
/// leave, but at least what is needed and at most what is wanted, so that leases shrink as a cap nears.
/// </summary>
/// <remarks>
/// A lease that stays open is renewed even when the money is refused. <see cref="LedgerStatus.HeldByOthers"/> is not remembered, so the
/// same operation may be sent again after others have given money back; every other outcome is.
/// </remarks>
public sealed record GrantLease : LedgerCommand
{
    /// <summary>The id of the lease to open; ignored when the holder has one.</summary>
    public required string LeaseId { get; init; }

    /// <summary>Who will spend.</summary>
    public required string Holder { get; init; }

    /// <summary>How much more the holder would like, above zero.</summary>
    public required Money Wanted { get; init; }

    /// <summary>The least that is of use, above zero and at most <see cref="Wanted"/>.</summary>
    public required Money Needed { get; init; }

    /// <summary>How long the lease lives from now, above zero and at most <see cref="LedgerLimits.MaxLifetime"/>.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>On whose behalf the holder spends; empty for the general pool. A floor of a cap keeps money for one beneficiary.</summary>
    public string Beneficiary { get; init; } = "";

    /// <summary>
    /// The most that calls may add up to whose intents are not durable yet; zero when every intent is durable before its call starts. It is
    /// a property of the lease that only grows, so it is durable before any such call.
    /// </summary>
    public Money Exposure { get; init; }

    internal override void Describe(Fingerprint fingerprint)
    {
        fingerprint.Add("grant").Add(LeaseId).Add(Holder).Add(Wanted.Nanos).Add(Needed.Nanos).Add(Lifetime.Ticks);

        // Left out when unset, so that a retry is known again after an upgrade from the version that did not have them.
        if (Beneficiary is not "" || Exposure != Money.Zero)
        {
            fingerprint.Add(Beneficiary).Add(Exposure.Nanos);
        }
    }
}
