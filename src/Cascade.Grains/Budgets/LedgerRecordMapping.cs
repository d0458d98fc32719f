using System.Collections.Immutable;
using Cascade.Budgets;

namespace Cascade.Grains.Budgets;

/// <summary>Between the ledger's state and its stored form.</summary>
internal static class LedgerRecordMapping
{
    /// <summary>
    /// How many operations are remembered across activations. Only grants and reconciliations are: reports carry totals that only grow, so
    /// a repeated one is harmless by itself. A silo has one such call per account under way and repeats it within seconds.
    /// </summary>
    public const int RememberedOperations = 32;

    public static LedgerState ToState(this LedgerRecord record)
    {
        if (record.SchemaVersion is < 1 or > LedgerRecord.CurrentVersion)
        {
            throw new InvalidOperationException(
                $"the stored ledger has schema version {record.SchemaVersion}; this build reads 1 to {LedgerRecord.CurrentVersion}, use a newer one");
        }

        return LedgerState.Empty with
        {
            Windows = [.. record.Windows.Select(ToState)],
            Leases = record.Leases.Select(ToState).ToImmutableDictionary(l => l.Id, StringComparer.Ordinal),
            Unconfirmed = record.Unconfirmed.ToImmutableDictionary(u => u.AttemptId, ToState, StringComparer.Ordinal),
            Settled = new Money(record.SettledNanos),
            Overrun = new Money(record.OverrunNanos),
            Requests = record.Requests,
            NextEpoch = record.NextEpoch,
            Operations = OperationLog.Create(RememberedOperations, record.Operations.Select(ToState)),
        };
    }

    public static LedgerRecord ToRecord(this LedgerState state, PacerRecord pacer) => new()
    {
        Windows = [.. state.Windows.Select(ToRecord)],
        Leases = [.. state.Leases.Values.OrderBy(l => l.Epoch).Select(ToRecord)],
        Unconfirmed = [.. state.Unconfirmed.OrderBy(u => u.Key, StringComparer.Ordinal).Select(u => ToRecord(u.Key, u.Value))],
        SettledNanos = state.Settled.Nanos,
        OverrunNanos = state.Overrun.Nanos,
        Requests = state.Requests,
        NextEpoch = state.NextEpoch,
        Operations = [.. state.Operations.Entries.Select(ToRecord)],
        Pacer = pacer,
    };

    private static WindowState ToState(WindowRecord window) => new()
    {
        Cap = new WindowCap
        {
            Window = (WindowKind)window.Window,
            Limit = new Money(window.LimitNanos),
            Hard = window.Hard,
            TimeZone = window.TimeZone,
        },
        Start = window.Start,
        Settled = new Money(window.SettledNanos),
        Excess = new Money(window.ExcessNanos),
    };

    private static WindowRecord ToRecord(WindowState window) => new()
    {
        Window = (int)window.Cap.Window,
        LimitNanos = window.Cap.Limit.Nanos,
        Hard = window.Cap.Hard,
        TimeZone = window.Cap.TimeZone,
        Start = window.Start,
        SettledNanos = window.Settled.Nanos,
        ExcessNanos = window.Excess.Nanos,
    };

    private static Lease ToState(LeaseRecord lease) => new()
    {
        Id = lease.Id,
        Holder = lease.Holder,
        Epoch = lease.Epoch,
        Granted = new Money(lease.GrantedNanos),
        Released = new Money(lease.ReleasedNanos),
        Settled = new Money(lease.SettledNanos),
        Unconfirmed = new Money(lease.UnconfirmedNanos),
        Requests = lease.Requests,
        OpenedAt = lease.OpenedAt,
        ExpiresAt = lease.ExpiresAt,
        Ended = lease.EndedNanos.ToImmutableDictionary(e => e.Key, e => new Money(e.Value)),
    };

    private static LeaseRecord ToRecord(Lease lease) => new()
    {
        Id = lease.Id,
        Holder = lease.Holder,
        Epoch = lease.Epoch,
        GrantedNanos = lease.Granted.Nanos,
        ReleasedNanos = lease.Released.Nanos,
        SettledNanos = lease.Settled.Nanos,
        UnconfirmedNanos = lease.Unconfirmed.Nanos,
        Requests = lease.Requests,
        OpenedAt = lease.OpenedAt,
        ExpiresAt = lease.ExpiresAt,
        EndedNanos = lease.Ended.ToImmutableSortedDictionary(e => e.Key, e => e.Value.Nanos, StringComparer.Ordinal),
    };

    private static UnconfirmedEntry ToState(UnconfirmedRecord entry) => new()
    {
        LeaseId = entry.LeaseId,
        Epoch = entry.Epoch,
        Lower = new Money(entry.LowerNanos),
        Upper = new Money(entry.UpperNanos),
        At = entry.At,
    };

    private static UnconfirmedRecord ToRecord(string attemptId, UnconfirmedEntry entry) => new()
    {
        AttemptId = attemptId,
        LeaseId = entry.LeaseId,
        Epoch = entry.Epoch,
        LowerNanos = entry.Lower.Nanos,
        UpperNanos = entry.Upper.Nanos,
        At = entry.At,
    };

    private static OperationEntry ToState(OperationRecord operation) => new(
        operation.OperationId,
        operation.Fingerprint,
        new LedgerResult
        {
            Status = (LedgerStatus)operation.Status,
            Lease = operation.LeaseId.Length == 0 ? null : new LeaseTerms
            {
                LeaseId = operation.LeaseId,
                Epoch = operation.Epoch,
                Granted = new Money(operation.GrantedNanos),
                ExpiresAt = operation.ExpiresAt,
            },
        });

    private static OperationRecord ToRecord(OperationEntry entry) => new()
    {
        OperationId = entry.OperationId,
        Fingerprint = entry.Fingerprint,
        Status = (int)entry.Result.Status,
        LeaseId = entry.Result.Lease?.LeaseId ?? "",
        Epoch = entry.Result.Lease?.Epoch ?? 0,
        GrantedNanos = entry.Result.Lease?.Granted.Nanos ?? 0,
        ExpiresAt = entry.Result.Lease?.ExpiresAt ?? default,
    };
}
