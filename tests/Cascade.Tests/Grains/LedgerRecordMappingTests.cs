using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Grains.Budgets;
using Cascade.Storage;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class LedgerRecordMappingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<Money> GenMoney = Gen
        .OneOf(Gen.Const(0L), Gen.Long[1, 1_000], Gen.Long[0, LedgerLimits.MaxTotalNanos])
        .Select(nanos => new Money(nanos));

    private static readonly Gen<DateTimeOffset> GenTime = Gen.Long[0, TimeSpan.TicksPerDay * 3_650].Select(ticks => Start.AddTicks(ticks));

    private static readonly Gen<string> GenId = Gen.String[Gen.Char["0123456789abcdef"], 1, 12];

    private static readonly Gen<WindowState> GenWindow = Gen
        .Select(Gen.Enum<WindowKind>(), GenMoney, Gen.Bool, Gen.OneOf(Gen.Const("UTC"), Gen.Const("Europe/Berlin")), GenTime, GenMoney, GenMoney)
        .Select((kind, limit, hard, zone, start, settled, excess) => new WindowState
        {
            Cap = new WindowCap { Window = kind, Limit = limit, Hard = hard, TimeZone = zone },
            Start = start,
            Settled = settled,
            Excess = excess,
        });

    private static readonly Gen<Lease> GenLease = Gen
        .Select(GenId, Gen.Long[1, 1_000_000], GenMoney, GenMoney, GenMoney, Gen.Select(GenTime, GenTime), Gen.Dictionary(GenId, GenMoney)[0, 3])
        .Select((id, epoch, granted, released, settled, times, ended) => new Lease
        {
            Id = id,
            Holder = $"127.0.0.1:11111@{epoch}/0",
            Epoch = epoch,
            Granted = granted,
            Released = released,
            Settled = settled,
            Unconfirmed = released,
            Requests = epoch * 3,
            OpenedAt = times.Item1,
            ExpiresAt = times.Item2,
            Ended = ended.ToImmutableDictionary(),
        });

    private static readonly Gen<UnconfirmedEntry> GenUnconfirmed = Gen
        .Select(GenId, Gen.Long[1, 1_000_000], GenMoney, GenMoney, GenTime)
        .Select((lease, epoch, lower, upper, at) => new UnconfirmedEntry
        {
            LeaseId = lease,
            Epoch = epoch,
            Lower = lower,
            Upper = upper,
            At = at,
        });

    private static readonly Gen<LedgerResult> GenResult = Gen.OneOf(
        Gen.Const(new LedgerResult { Status = LedgerStatus.Ok }),
        Gen.Select(GenId, Gen.Long[1, 1_000_000], GenMoney, GenTime).Select((lease, epoch, granted, at) => new LedgerResult
        {
            Status = LedgerStatus.Ok,
            Lease = new LeaseTerms { LeaseId = lease, Epoch = epoch, Granted = granted, ExpiresAt = at },
        }));

    private static readonly Gen<LedgerState> GenState = Gen
        .Select(
            GenWindow.Array[0, 3],
            Gen.Dictionary(GenId, GenLease)[0, 3],
            Gen.Dictionary(GenId, GenUnconfirmed)[0, 3],
            Gen.Dictionary(GenId, GenResult)[0, 4],
            GenMoney,
            GenMoney,
            Gen.Long[1, 1_000_000])
        .Select((windows, leases, unconfirmed, operations, settled, overrun, epoch) => LedgerState.Empty with
        {
            Windows = [.. windows],
            Leases = leases.Keys.ToImmutableDictionary(id => id, id => leases[id] with { Id = id }, StringComparer.Ordinal),
            Unconfirmed = unconfirmed.ToImmutableDictionary(StringComparer.Ordinal),
            Operations = OperationLog.Create(
                LedgerRecordMapping.RememberedOperations, operations.Select(o => new OperationEntry(o.Key, $"of {o.Key}", o.Value))),
            Settled = settled,
            Overrun = overrun,
            Requests = epoch * 5,
            NextEpoch = epoch,
        });

    private readonly StateSerializer _serializer = new();

    [Fact]
    public void State_StoredAndReadBack_IsTheSame() => GenState.Sample(state =>
        AssertSame(state, _serializer.Deserialize<LedgerRecord>(_serializer.Serialize(state.ToRecord(new PacerRecord()))).ToState()));

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        GenState.Sample(
            state =>
            {
                seen.Add(state.Windows.IsEmpty ? "no window" : state.Windows.Length > 1 ? "windows" : "window");
                seen.Add(state.Leases.IsEmpty ? "no lease" : state.Leases.Values.Any(l => !l.Ended.IsEmpty) ? "ended" : "lease");
                seen.Add(state.Unconfirmed.IsEmpty ? "all confirmed" : "unconfirmed");
                seen.UnionWith(state.Operations.Entries.Select(o => o.Result.Lease is null ? "operation" : "grant"));
                seen.UnionWith(state.Windows.Select(w => w.Cap.Hard ? "hard" : "soft"));
                seen.Add(state.Settled.Nanos > 1L << 53 ? "more than a double can count" : "less");
            },
            iter: 500,
            threads: 1);
        Assert.Equal(
            [
                "all confirmed", "ended", "grant", "hard", "lease", "less", "more than a double can count", "no lease", "no window", "operation",
                "soft", "unconfirmed", "window", "windows",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The golden file is what silos of schema version 1 have stored: it must be readable for as long as version 1 is. A difference means that
    /// stored ledgers of running clusters change their meaning. Add members (they get a default when absent) or raise
    /// <see cref="LedgerRecord.CurrentVersion"/> and add a second file; do not change this one.
    /// </summary>
    [Fact]
    public void Golden_SchemaVersion1_IsReadAsItWasMeant()
    {
        var record = _serializer.Deserialize<LedgerRecord>(new BinaryData(Golden()));

        AssertSame(Example(), record.ToState());
        Assert.Equal(Pacer(), record.Pacer);
    }

    /// <summary>A change of names, order or form shows here first, and in the same change as the golden file of the new version.</summary>
    [Fact]
    public void Golden_SchemaVersion1_IsWhatIsWritten() => Assert.Equal(Golden(), _serializer.Serialize(Example().ToRecord(Pacer())).ToString());

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(LedgerRecord.CurrentVersion + 1)]
    public void ToState_UnknownSchemaVersion_IsRefusedWithTheVersionsItReads(int version)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => new LedgerRecord { SchemaVersion = version }.ToState());

        Assert.Contains($"schema version {version}; this build reads 1 to {LedgerRecord.CurrentVersion}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToState_MoreOperationsThanAreRemembered_KeepsTheNewest()
    {
        var entries = Enumerable.Range(0, 40).Select(i => new OperationEntry($"op-{i}", "f", new LedgerResult { Status = LedgerStatus.Ok }));
        var state = LedgerState.Empty with { Operations = OperationLog.Create(100, entries) };

        var kept = state.ToRecord(new PacerRecord()).ToState().Operations;

        Assert.Equal(LedgerRecordMapping.RememberedOperations, kept.Count);
        Assert.NotNull(kept.Find("op-39"));
        Assert.Null(kept.Find("op-7"));
    }

    private static string Golden() =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Grains", "Golden", "ledger-v1.json")).TrimEnd('\n');

    private static PacerRecord Pacer() => new()
    {
        Price = 12.5,
        WindowStart = Start.AddHours(-12),
        WindowRequests = 42,
        TrafficRequests = 17.25,
        TrafficExposureSeconds = 600,
        TrafficAt = Start,
    };

    private static LedgerState Example() => LedgerState.Empty with
    {
        Windows =
        [
            new WindowState
            {
                Cap = new WindowCap { Window = WindowKind.Day, Limit = new Money(5_000_000_000), TimeZone = "Europe/Berlin" },
                Start = Start.AddHours(-13),
                Settled = new Money(1_200),
                Excess = new Money(7),
            },
            new WindowState { Cap = new WindowCap { Window = WindowKind.Total, Limit = new Money(900), Hard = false }, Start = Start },
        ],
        Leases = ImmutableDictionary<string, Lease>.Empty.Add("lease-1", new Lease
        {
            Id = "lease-1",
            Holder = "10.1.2.3:11111@431/0",
            Epoch = 3,
            Granted = new Money(1_000),
            Released = new Money(100),
            Settled = new Money(200),
            Unconfirmed = new Money(30),
            Requests = 4,
            OpenedAt = Start,
            ExpiresAt = Start.AddSeconds(30),
            Ended = ImmutableDictionary<string, Money>.Empty.Add("attempt-0", new Money(11)),
        }),
        Unconfirmed = ImmutableDictionary<string, UnconfirmedEntry>.Empty.Add("attempt-1", new UnconfirmedEntry
        {
            LeaseId = "lease-1",
            Epoch = 3,
            Lower = new Money(5),
            Upper = new Money(30),
            At = Start.AddSeconds(1),
        }),
        Settled = new Money(9_007_199_254_740_993),
        Overrun = new Money(2),
        Requests = 44,
        NextEpoch = 4,
        Operations = OperationLog.Create(LedgerRecordMapping.RememberedOperations, [
            new OperationEntry("op-1", "GrantLease|1", new LedgerResult
            {
                Status = LedgerStatus.Ok,
                Lease = new LeaseTerms { LeaseId = "lease-1", Epoch = 3, Granted = new Money(1_000), ExpiresAt = Start.AddSeconds(30) },
            }),
            new OperationEntry("op-2", "Reconcile|2", new LedgerResult { Status = LedgerStatus.Ok }),
        ]),
    };

    private static void AssertSame(LedgerState expected, LedgerState actual)
    {
        Assert.Equal(expected.Windows.AsEnumerable(), actual.Windows);
        Assert.Equal(expected.Leases.Keys.Order(StringComparer.Ordinal), actual.Leases.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, lease) in expected.Leases)
        {
            Assert.Equal(lease.Ended.OrderBy(e => e.Key), actual.Leases[id].Ended.OrderBy(e => e.Key));
            Assert.Equal(lease with { Ended = actual.Leases[id].Ended }, actual.Leases[id]);
        }

        Assert.Equal(
            expected.Unconfirmed.OrderBy(e => e.Key, StringComparer.Ordinal), actual.Unconfirmed.OrderBy(e => e.Key, StringComparer.Ordinal));
        Assert.Equal(expected.Operations.Entries, actual.Operations.Entries);
        Assert.Equal(
            (expected.Settled, expected.Overrun, expected.Requests, expected.NextEpoch),
            (actual.Settled, actual.Overrun, actual.Requests, actual.NextEpoch));
    }
}
