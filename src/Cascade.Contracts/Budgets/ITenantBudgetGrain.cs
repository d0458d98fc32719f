namespace Cascade.Contracts;

/// <summary>
/// Holds the caps, the spend, the leases and the shadow price of one account; its key is the account's path.
/// Never awaits a model, a verifier or another tenant.
/// </summary>
/// <remarks>
/// What a request waits for gives up soon: a call to a silo that has just died hangs until its time is up, and is safe to repeat under the same
/// operation id.
/// </remarks>
[Alias("cascade.budget"), GrainInterfaceType("cascade.budget")]
public interface ITenantBudgetGrain : IGrainWithStringKey
{
    /// <summary>Leases money to a silo, or adds to the lease it has. Durable before it returns.</summary>
    /// <param name="request">What the silo wants.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is then unknown and a retry must carry the same operation id.</param>
    /// <returns>The lease or the refusal.</returns>
    [Alias("acquire"), ResponseTimeout("00:00:03")]
    Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken = default);

    /// <summary>Books what a silo spent, and takes the lease back when the silo says so. Durable before it returns.</summary>
    /// <param name="report">The news.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is then unknown and a retry must carry the same operation id.</param>
    /// <returns>The outcome and the current shadow price.</returns>
    [Alias("report"), ResponseTimeout("00:00:03")]
    Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken = default);

    /// <summary>Replaces the interval of an unconfirmed attempt by its real cost.</summary>
    /// <param name="reconciliation">The truth.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is then unknown and a retry must carry the same operation id.</param>
    /// <returns>The outcome; <see cref="BudgetStatus.InvalidCommand"/> when no such attempt is unconfirmed.</returns>
    [Alias("reconcile"), ResponseTimeout("00:00:10")]
    Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken = default);

    /// <summary>Changes a cap for a time, or ends such a change. Durable before it returns.</summary>
    /// <param name="request">The change.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is then unknown and a retry must carry the same operation id.</param>
    /// <returns>The outcome; <see cref="BudgetStatus.InvalidCommand"/> when there is no such cap or override.</returns>
    [Alias("override"), ResponseTimeout("00:00:10")]
    Task<CapOverrideReply> OverrideAsync(CapOverrideRequest request, CancellationToken cancellationToken = default);

    /// <summary>Tells where the account stands.</summary>
    /// <param name="collect">Whether to ask every holder for its latest spend and to reclaim the leases of dead ones first.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The snapshot.</returns>
    [Alias("snapshot"), ResponseTimeout("00:00:10")]
    Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken = default);
}
