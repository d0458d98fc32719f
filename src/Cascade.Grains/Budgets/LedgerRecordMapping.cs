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

    // An account that nobody uses is in memory too, so all of them share what is empty or alike.
    private static readonly OperationLog NoOperations = OperationLog.Create(RememberedOperations, []);

    public static LedgerState ToState(this LedgerRecord record)
    {
        if (record.SchemaVersion is < 1 or > LedgerRecord.CurrentVersion)
        {
            throw new InvalidOperationException(
                $"the stored ledger has schema version {record.SchemaVersion}; this build reads 1 to {LedgerRecord.CurrentVersion}, use a newer one");
        }

        var empty = LedgerState.Empty;
        return empty with
        {
            Windows = [.. record.Windows.Select(ToState)],
            Leases = empty.Leases.AddRange(record.Leases.Select(l => KeyValuePair.Create(l.Id, ToState(l)))),
            Unconfirmed = empty.Unconfirmed.AddRange(record.Unconfirmed.Select(u => KeyValuePair.Create(u.AttemptId, ToState(u)))),
            ByModel = record.SchemaVersion == 1 ? Unnamed(record.SettledNanos) : ToState(record.ByModel),
            Settled = new Money(record.SettledNanos),
            Overrun = new Money(record.OverrunNanos),
            Requests = record.Requests,
            NextEpoch = record.NextEpoch,
            Operations = record.Operations.IsEmpty ? NoOperations : OperationLog.Create(RememberedOperations, record.Operations.Select(ToState)),
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
        ByModel = ToRecord(state.ByModel),
    };

    private static WindowState ToState(WindowRecord window) => new()
    {
        Cap = new WindowCap
        {
            Window = (WindowKind)window.Window,
            Limit = new Money(window.LimitNanos),
            Mode = window.Mode == 0 ? (window.Hard ? CapMode.Hard : CapMode.Soft) : (CapMode)window.Mode,
            TimeZone = string.Intern(window.TimeZone),
            Span = window.Span,
            AlertPercents = Shared(window.AlertPercents),
            Floors = [.. window.Floors.Select(f => new CapFloor(f.Beneficiary, new Money(f.AmountNanos)))],
        },
        Start = window.Start,
        Settled = new Money(window.SettledNanos),
        Excess = new Money(window.ExcessNanos),
        Parts = [.. window.Parts.Select(p => new WindowPart(p.Bucket, p.Beneficiary, new Money(p.SettledNanos)))],
        Overrides = [.. window.Overrides.Select(ToState)],
        AlertedPercent = window.AlertedPercent,
        WouldRefuse = window.WouldRefuse,
        WouldRefuseAmount = new Money(window.WouldRefuseNanos),
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
        Mode = (int)window.Cap.Mode,
        Span = window.Cap.Span,
        AlertPercents = window.Cap.AlertPercents,
        Floors = [.. window.Cap.Floors.Select(f => new FloorRecord { Beneficiary = f.Beneficiary, AmountNanos = f.Amount.Nanos })],
        Parts =
        [
            .. window.Parts.Select(p => new WindowPartRecord
            {
                Bucket = p.Bucket,
                Beneficiary = p.Beneficiary,
                SettledNanos = p.Settled.Nanos,
            }),
        ],
        Overrides = [.. window.Overrides.Select(ToRecord)],
        AlertedPercent = window.AlertedPercent,
        WouldRefuse = window.WouldRefuse,
        WouldRefuseNanos = window.WouldRefuseAmount.Nanos,
    };

    private static ImmutableArray<int> Shared(ImmutableArray<int>? percents) =>
        percents is null || percents.Value.AsSpan().SequenceEqual(WindowCap.DefaultAlertPercents.AsSpan())
            ? WindowCap.DefaultAlertPercents
            : percents.Value;

    private static CapOverride ToState(OverrideRecord change) => new()
    {
        Id = change.Id,
        Change = new Money(change.ChangeNanos),
        ExpiresAt = change.ExpiresAt,
        Author = change.Author,
        Reason = change.Reason,
    };

    private static OverrideRecord ToRecord(CapOverride change) => new()
    {
        Id = change.Id,
        ChangeNanos = change.Change.Nanos,
        ExpiresAt = change.ExpiresAt,
        Author = change.Author,
        Reason = change.Reason,
    };

    private static ImmutableArray<ModelUsage> Unnamed(long settledNanos) =>
        settledNanos == 0 ? [] : [new ModelUsage { Endpoint = "", Settled = new Money(settledNanos) }];

    private static ImmutableArray<ModelUsage> ToState(ImmutableArray<ModelUsageRecord> models) =>
    [
        .. models.Select(m => new ModelUsage
        {
            Endpoint = string.Intern(m.Endpoint),
            Settled = new Money(m.SettledNanos),
            Attempts = m.Attempts,
            Tokens = new TokenCounts(m.InputTokens, m.OutputTokens, m.CachedTokens, m.ReasoningTokens),
        }),
    ];

    private static ImmutableArray<ModelUsageRecord> ToRecord(ImmutableArray<ModelUsage> models) =>
    [
        .. models.Select(m => new ModelUsageRecord
        {
            Endpoint = m.Endpoint,
            SettledNanos = m.Settled.Nanos,
            Attempts = m.Attempts,
            InputTokens = m.Tokens.Input,
            OutputTokens = m.Tokens.Output,
            CachedTokens = m.Tokens.Cached,
            ReasoningTokens = m.Tokens.Reasoning,
        }),
    ];

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
        Beneficiary = lease.Beneficiary,
        Exposure = new Money(lease.ExposureNanos),
        ByModel = ToState(lease.ByModel),
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
        Beneficiary = lease.Beneficiary,
        ExposureNanos = lease.Exposure.Nanos,
        ByModel = ToRecord(lease.ByModel),
    };

    private static UnconfirmedEntry ToState(UnconfirmedRecord entry) => new()
    {
        LeaseId = entry.LeaseId,
        Epoch = entry.Epoch,
        Lower = new Money(entry.LowerNanos),
        Upper = new Money(entry.UpperNanos),
        At = entry.At,
        Beneficiary = entry.Beneficiary,
        Endpoint = entry.Endpoint,
    };

    private static UnconfirmedRecord ToRecord(string attemptId, UnconfirmedEntry entry) => new()
    {
        AttemptId = attemptId,
        LeaseId = entry.LeaseId,
        Epoch = entry.Epoch,
        LowerNanos = entry.Lower.Nanos,
        UpperNanos = entry.Upper.Nanos,
        At = entry.At,
        Beneficiary = entry.Beneficiary,
        Endpoint = entry.Endpoint,
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
                Exposure = new Money(operation.ExposureNanos),
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
        ExposureNanos = entry.Result.Lease?.Exposure.Nanos ?? 0,
    };
}
