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
        .Select(
            Gen.Select(Gen.Enum<WindowKind>(), Gen.Enum<CapMode>().Where(m => m != CapMode.None), Gen.OneOf(Gen.Const("UTC"), Gen.Const("Europe/Berlin"))),
            GenTime,
            GenMoney,
            GenMoney,
            Gen.Select(GenId, GenMoney).Array[0, 2],
            Gen.Int[0, 100].HashSet[0, 3])
        .Select((cap, start, settled, excess, named, percents) => new WindowState
        {
            Cap = new WindowCap
            {
                Window = cap.Item1,
                Limit = excess,
                Mode = cap.Item2,
                TimeZone = cap.Item3,
                Span = TimeSpan.FromMinutes(named.Length),
                AlertPercents = [.. percents.Order()],
                Floors = [.. named.Select(n => new CapFloor(n.Item1, n.Item2))],
            },
            Start = start,
            Settled = settled,
            Excess = excess,
            Parts = [.. named.Select((n, i) => new WindowPart(i, n.Item1, n.Item2))],
            Overrides = [.. named.Select(n => Raise(n.Item1, n.Item2))],
            AlertedPercent = percents.Count,
            WouldRefuse = named.Length,
            WouldRefuseAmount = settled,
        });

    private static readonly Gen<ImmutableArray<ModelUsage>> GenModels = Gen.Select(GenId, GenMoney).Array[0, 3].Select(models => models
        .Select(m => new ModelUsage
        {
            Endpoint = m.Item1,
            Settled = m.Item2,
            Attempts = m.Item2.Nanos % 7,
            Tokens = new TokenCounts(1, 2, 3, m.Item2.Nanos),
        })
        .ToImmutableArray());

    private static readonly Gen<Lease> GenLease = Gen
        .Select(
            Gen.Select(GenId, Gen.Long[1, 1_000_000]),
            GenMoney,
            GenMoney,
            GenMoney,
            Gen.Select(GenTime, GenTime),
            Gen.Dictionary(GenId, GenMoney)[0, 3],
            GenModels)
        .Select((name, granted, released, settled, times, ended, models) => (name.Item1, name.Item2, granted, released, settled, times, ended, models))
        .Select(l => Make(l.Item1, l.Item2, l.granted, l.released, l.settled, l.times, l.ended, l.models));

    private static readonly Gen<UnconfirmedEntry> GenUnconfirmed = Gen
        .Select(GenId, Gen.Long[1, 1_000_000], GenMoney, GenMoney, GenTime)
        .Select((lease, epoch, lower, upper, at) => new UnconfirmedEntry
        {
            LeaseId = lease,
            Epoch = epoch,
            Lower = lower,
            Upper = upper,
            At = at,
            Beneficiary = $"of {lease}",
            Endpoint = $"at {lease}",
        });

    private static readonly Gen<LedgerResult> GenResult = Gen.OneOf(
        Gen.Const(new LedgerResult { Status = LedgerStatus.Ok }),
        Gen.Select(GenId, Gen.Long[1, 1_000_000], GenMoney, GenTime).Select((lease, epoch, granted, at) => new LedgerResult
        {
            Status = LedgerStatus.Ok,
            Lease = new LeaseTerms { LeaseId = lease, Epoch = epoch, Granted = granted, ExpiresAt = at, Exposure = granted },
        }));

    private static readonly Gen<LedgerState> GenState = Gen
        .Select(
            GenWindow.Array[0, 3],
            Gen.Dictionary(GenId, GenLease)[0, 3],
            Gen.Dictionary(GenId, GenUnconfirmed)[0, 3],
            Gen.Dictionary(GenId, GenResult)[0, 4],
            GenMoney,
            GenModels,
            Gen.Long[1, 1_000_000])
        .Select((windows, leases, unconfirmed, operations, settled, models, epoch) => LedgerState.Empty with
        {
            Windows = [.. windows],
            Leases = leases.Keys.ToImmutableDictionary(id => id, id => leases[id] with { Id = id }, StringComparer.Ordinal),
            Unconfirmed = unconfirmed.ToImmutableDictionary(StringComparer.Ordinal),
            Operations = OperationLog.Create(
                LedgerRecordMapping.RememberedOperations, operations.Select(o => new OperationEntry(o.Key, $"of {o.Key}", o.Value))),
            Settled = settled,
            Overrun = settled,
            ByModel = models,
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
                seen.UnionWith(state.Windows.Select(w => w.Cap.Mode.ToString()));
                seen.UnionWith(state.Windows.Select(w => w.Overrides.IsEmpty ? "no override" : "override"));
                seen.Add(state.ByModel.IsEmpty ? "no model" : "models");
                seen.Add(state.Settled.Nanos > 1L << 53 ? "more than a double can count" : "less");
            },
            iter: 500,
            threads: 1);
        Assert.Equal(
            [
                "Hard", "Observe", "Soft", "all confirmed", "ended", "grant", "lease", "less", "models", "more than a double can count", "no lease",
                "no model", "no override", "no window", "operation", "override", "unconfirmed", "window", "windows",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// The golden file is what silos of schema version 1 have stored: it must be readable for as long as version 1 is. A difference means that
    /// stored ledgers of running clusters change their meaning. Add members (they get a default when absent) or raise
    /// <see cref="LedgerRecord.CurrentVersion"/> and add a file; do not change an old one.
    /// </summary>
    [Fact]
    public void Golden_SchemaVersion1_IsReadAsItWasMeant()
    {
        var record = _serializer.Deserialize<LedgerRecord>(new BinaryData(Golden(1)));

        AssertSame(Example() with { ByModel = [new ModelUsage { Endpoint = "", Settled = Example().Settled }] }, record.ToState());
        Assert.Equal(Pacer(), record.Pacer);
    }

    [Fact]
    public void Golden_SchemaVersion2_IsReadAsItWasMeant()
    {
        var record = _serializer.Deserialize<LedgerRecord>(new BinaryData(Golden(2)));

        AssertSame(ExampleOfVersion2(), record.ToState());
        Assert.Equal(Pacer(), record.Pacer);
        Assert.Equal(7, record.FirstEntry);
        Assert.Equal(4, record.FirstAlert);
        Assert.Equal(RecordOfVersion2().Alerts.AsEnumerable(), record.Alerts);
        Assert.Equal(RecordOfVersion2().Entries.AsEnumerable(), record.Entries);
    }

    /// <summary>A change of names, order or form shows here first, and in the same change as the golden file of the new version.</summary>
    [Fact]
    public void Golden_SchemaVersion2_IsWhatIsWritten() =>
        Assert.Equal(Golden(2), _serializer.Serialize(RecordOfVersion2()).ToString());

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

    private static string Golden(int version) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Grains", "Golden", $"ledger-v{version}.json")).TrimEnd('\n');

    private static CapOverride Raise(string id, Money change) => new()
    {
        Id = id,
        Change = change,
        ExpiresAt = Start.AddDays(2),
        Author = "ann",
        Reason = "launch day",
    };

    private static Lease Make(
        string id,
        long epoch,
        Money granted,
        Money released,
        Money settled,
        (DateTimeOffset Opened, DateTimeOffset Expires) times,
        Dictionary<string, Money> ended,
        ImmutableArray<ModelUsage> models) => new()
        {
            Id = id,
            Holder = $"127.0.0.1:11111@{epoch}/0",
            Beneficiary = $"of {id}",
            Epoch = epoch,
            Granted = granted,
            Released = released,
            Settled = settled,
            Unconfirmed = released,
            Exposure = granted,
            ByModel = models,
            Requests = epoch * 3,
            OpenedAt = times.Opened,
            ExpiresAt = times.Expires,
            Ended = ended.ToImmutableDictionary(),
        };

    private static LedgerState ExampleOfVersion2()
    {
        var state = Example();
        ImmutableArray<ModelUsage> models =
        [
            new ModelUsage { Endpoint = "", Settled = new Money(3) },
            new ModelUsage { Endpoint = "mini", Settled = new Money(197), Attempts = 2, Tokens = new TokenCounts(100, 50, 20, 10) },
        ];
        return state with
        {
            Windows =
            [
                state.Windows[0] with
                {
                    Cap = state.Windows[0].Cap with { AlertPercents = [25, 90], Floors = [new CapFloor("acme/search", new Money(40))] },
                    Parts = [new WindowPart(0, "acme/search", new Money(15))],
                    Overrides = [Raise("override-1", new Money(600))],
                    AlertedPercent = 25,
                },
                state.Windows[1],
                new WindowState
                {
                    Cap = new WindowCap
                    {
                        Window = WindowKind.Rolling,
                        Limit = new Money(77),
                        Mode = CapMode.Observe,
                        Span = TimeSpan.FromHours(6),
                    },
                    Start = Start.AddHours(-6),
                    Settled = new Money(9),
                    Parts = [new WindowPart(10_123, "", new Money(4)), new WindowPart(10_124, "", new Money(5))],
                    WouldRefuse = 3,
                    WouldRefuseAmount = new Money(30),
                },
            ],
            Leases = state.Leases.SetItem(
                "lease-1", state.Leases["lease-1"] with { Beneficiary = "acme/search", Exposure = new Money(60), ByModel = models }),
            Unconfirmed = state.Unconfirmed.SetItem(
                "attempt-1", state.Unconfirmed["attempt-1"] with { Beneficiary = "acme/search", Endpoint = "mini" }),
            ByModel = models,
        };
    }

    private static LedgerRecord RecordOfVersion2() => ExampleOfVersion2().ToRecord(Pacer()) with
    {
        FirstEntry = 7,
        FirstAlert = 4,
        Alerts = ["e1 kind=16 percent=80"],
        Entries = ["e1 kind=10 op=op-2 amount=2", "e1 kind=1 op=op-2 amount=197 endpoint=mini"],
    };

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
        Assert.Equal(expected.Windows.Length, actual.Windows.Length);
        foreach (var (mine, theirs) in expected.Windows.Zip(actual.Windows))
        {
            Assert.Equal(mine.Parts.AsEnumerable(), theirs.Parts);
            Assert.Equal(mine.Overrides.AsEnumerable(), theirs.Overrides);
            Assert.Equal(mine with { Parts = theirs.Parts, Overrides = theirs.Overrides }, theirs);
        }

        Assert.Equal(expected.ByModel.AsEnumerable(), actual.ByModel);
        Assert.Equal(expected.Leases.Keys.Order(StringComparer.Ordinal), actual.Leases.Keys.Order(StringComparer.Ordinal));
        foreach (var (id, lease) in expected.Leases)
        {
            Assert.Equal(lease.Ended.OrderBy(e => e.Key), actual.Leases[id].Ended.OrderBy(e => e.Key));
            Assert.Equal(lease.ByModel.AsEnumerable(), actual.Leases[id].ByModel);
            Assert.Equal(lease with { Ended = actual.Leases[id].Ended, ByModel = actual.Leases[id].ByModel }, actual.Leases[id]);
        }

        Assert.Equal(
            expected.Unconfirmed.OrderBy(e => e.Key, StringComparer.Ordinal), actual.Unconfirmed.OrderBy(e => e.Key, StringComparer.Ordinal));
        Assert.Equal(expected.Operations.Entries, actual.Operations.Entries);
        Assert.Equal(
            (expected.Settled, expected.Overrun, expected.Requests, expected.NextEpoch),
            (actual.Settled, actual.Overrun, actual.Requests, actual.NextEpoch));
    }
}
