using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class SpendQueryTests
{
    private static readonly string[] Zones = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"];

    private static readonly SpendDimensions[] Partitions =
    [
        SpendDimensions.None,
        SpendDimensions.Account,
        SpendDimensions.Model,
        SpendDimensions.Day,
        SpendDimensions.Month,
        SpendDimensions.Account | SpendDimensions.Model,
        SpendDimensions.Day | SpendDimensions.Model,
        SpendDimensions.Account | SpendDimensions.Month | SpendDimensions.Model,
    ];

    [Fact]
    public void Take_AnyPartitionOfARandomHistory_AddsUpToWhatTheLedgerSettled() => LedgerMove.History.Sample(
        history =>
        {
            var script = new LedgerScript();
            script.Run(history);
            foreach (var zone in Zones)
            {
                foreach (var by in Partitions)
                {
                    var query = Query(new SpendFilter { By = by, TimeZone = zone }, script.Entries);

                    Assert.Equal(script.State.Settled, query.Total.Amount);
                    Assert.Equal(script.State.Requests, query.Total.Requests);
                    Assert.Equal(query.Total, Sum(query));
                }
            }
        },
        iter: 150,
        threads: 1);

    [Fact]
    public void Take_ByModel_IsWhatTheLedgerSaysOfEachEndpoint() => LedgerMove.History.Sample(
        history =>
        {
            var script = new LedgerScript();
            script.Run(history);

            var rows = Query(new SpendFilter { By = SpendDimensions.Model }, script.Entries).Rows().ToDictionary(r => r.Group.Endpoint, r => r.Sum);

            foreach (var model in script.State.ByModel)
            {
                var row = rows.GetValueOrDefault(model.Endpoint);
                Assert.Equal((model.Settled, model.Attempts, model.Tokens), (row.Amount, row.Attempts, row.Tokens));
            }
        },
        iter: 300,
        threads: 1);

    [Fact]
    public void Take_TimeIsCutAnywhere_ThePiecesAddUp() => Gen.Select(LedgerMove.History, Gen.Int[-4, 60], Gen.Int[0, 86_400]).Sample(
        (history, day, second) =>
        {
            var script = new LedgerScript();
            script.Run(history);
            var cut = new DateTimeOffset(2026, 3, 6, 0, 0, 0, TimeSpan.Zero).AddDays(day).AddSeconds(second);

            var before = Query(new SpendFilter { To = cut }, script.Entries).Total;
            var after = Query(new SpendFilter { From = cut }, script.Entries).Total;

            Assert.Equal(Query(new SpendFilter(), script.Entries).Total, before + after);
        },
        iter: 300,
        threads: 1);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        LedgerMove.History.Sample(
            history =>
            {
                var script = new LedgerScript();
                script.Run(history);
                seen.UnionWith(script.Entries.Select(e => e.Kind.ToString()));
                var rows = Query(new SpendFilter { By = SpendDimensions.Day | SpendDimensions.Model, TimeZone = "America/New_York" }, script.Entries).Rows();
                seen.UnionWith(rows.Select(r => $"endpoint {r.Group.Endpoint}"));
                seen.Add(rows.Select(r => r.Group.Period).Distinct().Count() > 3 ? "many days" : "few days");
                seen.Add(rows.Select(r => r.Group.Period!.Value.Month).Distinct().Count() > 1 ? "months" : "month");
                seen.Add(script.Entries.Any(e => e.At < e.RecordedAt.AddDays(-1) && e.Amount > Money.Zero) ? "late" : "prompt");
            },
            iter: 500,
            threads: 1);

        Assert.Superset(
            new HashSet<string>
            {
                "Booked", "Resolved", "Reconciled", "Folded", "endpoint big", "endpoint mini", "endpoint ", "many days", "months", "late",
            },
            seen);
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29")]
    [InlineData("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30")]
    [InlineData("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25")]
    [InlineData("Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-25")]
    [InlineData("Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-26")]
    [InlineData("UTC", "2026-10-25T23:00:00Z", "2026-10-25")]
    public void Take_ByDay_FollowsTheClocksOfTheZone(string zone, string at, string day)
    {
        var query = Query(new SpendFilter { By = SpendDimensions.Day, TimeZone = zone }, [Booked(DateTimeOffset.Parse(at, null))]);

        Assert.Equal(DateOnly.ParseExact(day, "yyyy-MM-dd", null), Assert.Single(query.Rows()).Group.Period);
    }

    [Fact]
    public void Take_ByMonth_NamesTheFirstDay()
    {
        var query = Query(
            new SpendFilter { By = SpendDimensions.Month, TimeZone = "America/New_York" },
            [Booked(new DateTimeOffset(2026, 4, 1, 3, 59, 0, TimeSpan.Zero)), Booked(new DateTimeOffset(2026, 4, 1, 4, 0, 0, TimeSpan.Zero))]);

        Assert.Equal([new DateOnly(2026, 3, 1), new DateOnly(2026, 4, 1)], query.Rows().Select(r => r.Group.Period!.Value));
    }

    [Fact]
    public void Take_HeldThenReconciled_CountsTheTruthInTheTimeOfTheAttempt()
    {
        var made = new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);
        var query = Query(
            new SpendFilter { By = SpendDimensions.Day },
            [
                Booked(made) with { Kind = LedgerEntryKind.Held, Amount = Money.Zero, Upper = new Money(50) },
                Booked(made) with { Kind = LedgerEntryKind.Reconciled, RecordedAt = made.AddDays(9), Amount = new Money(30) },
            ]);

        var row = Assert.Single(query.Rows());
        Assert.Equal((new DateOnly(2026, 3, 6), new Money(30)), (row.Group.Period!.Value, row.Sum.Amount));
    }

    [Fact]
    public void Take_DayAndMonthAtOnce_IsMisuse() =>
        Assert.Throws<ArgumentException>(() => new SpendQuery(new SpendFilter { By = SpendDimensions.Day | SpendDimensions.Month }));

    private static LedgerEntry Booked(DateTimeOffset at) =>
        new() { Kind = LedgerEntryKind.Booked, RecordedAt = at, At = at, OperationId = "op", Amount = new Money(7), Endpoint = "big", Attempts = 1 };

    /// <summary>The entries of a history belong to several accounts in turn.</summary>
    private static SpendQuery Query(SpendFilter filter, IReadOnlyList<LedgerEntry> entries)
    {
        var query = new SpendQuery(filter);
        for (var i = 0; i < entries.Count; i++)
        {
            query.Take(i % 3 == 0 ? "acme" : "globex", entries[i]);
        }

        return query;
    }

    private static SpendSum Sum(SpendQuery query) => query.Rows().Aggregate(default(SpendSum), (sum, row) => sum + row.Sum);
}
