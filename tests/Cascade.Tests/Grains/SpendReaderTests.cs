using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Storage.Ledger;
using Cascade.TestKit.Grains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class SpendReaderTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);
    private readonly InMemoryLedgerLog _log = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ByDay_TellsTheLast30DaysAndTheTotal()
    {
        await PutAsync("acme", (Noon.AddDays(-60), 5), (Noon.AddDays(-1), 10), (Noon, 20), (Noon, 1));

        var reply = await Reader().ReadAsync(Ask(SpendBy.Day), Ct);

        Assert.Equal((BudgetStatus.Ok, "UTC", ""), (reply.Status, reply.TimeZone, reply.Next));
        Assert.Equal([("2026-03-05", 10L), ("2026-03-06", 21L)], reply.Rows.Select(r => (r.Period, r.SpentNanos)));
        Assert.Equal(31, reply.Total!.SpentNanos);
    }

    [Fact]
    public async Task Read_ByAccount_TellsTheSubtreeAndNoNamesake()
    {
        await PutAsync("acme", (Noon, 30));
        await PutAsync("acme/a", (Noon, 10));
        await PutAsync("acme/a/run-1", (Noon, 4));
        await PutAsync("acme#big", (Noon, 30));
        await PutAsync("acme-2", (Noon, 99));
        await PutAsync("globex", (Noon, 99));

        var accounts = await Reader().ReadAsync(Ask(SpendBy.Account), Ct);
        var runs = await Reader().ReadAsync(Ask(SpendBy.Run), Ct);

        Assert.Equal([("acme", 30L), ("acme/a", 10L), ("acme/a/run-1", 4L)], accounts.Rows.Select(r => (r.Account, r.SpentNanos)));
        Assert.Equal([("acme/a/run-1", 4L)], runs.Rows.Select(r => (r.Account, r.SpentNanos)));
        Assert.Equal((30L, 30L), (accounts.Total!.SpentNanos, runs.Total!.SpentNanos));
    }

    [Theory]
    [InlineData(1, 1_000_000)]
    [InlineData(3, 1_000_000)]
    [InlineData(1_000, 6)]
    public async Task Read_PageByPage_TellsEachAccountOnce(int limit, int entries)
    {
        for (var i = 0; i < 9; i++)
        {
            await PutAsync($"acme/{i}", (Noon, i + 1), (Noon, 1));
        }

        await PutAsync("acme", (Noon, 54));
        var seen = new List<string>();
        var after = "";
        do
        {
            var reply = await Reader(entries).ReadAsync(Ask(SpendBy.Account) with { After = after, Accounts = limit }, Ct);
            Assert.Equal(BudgetStatus.Ok, reply.Status);
            Assert.Equal(after.Length == 0, reply.Total is not null);
            Assert.NotEmpty(reply.Rows);
            seen.AddRange(reply.Rows.Select(r => r.Account));
            after = reply.Next;
        }
        while (after.Length > 0);

        Assert.Equal(["acme", .. Enumerable.Range(0, 9).Select(i => $"acme/{i}")], seen);
    }

    [Fact]
    public async Task Read_MoreEntriesThanOneQuestionMayRead_SaysHowToRepair()
    {
        await PutAsync("acme", (Noon, 1), (Noon, 1), (Noon, 1));

        var reply = await Reader(entries: 2).ReadAsync(Ask(SpendBy.Model), Ct);

        Assert.Equal(BudgetStatus.InvalidCommand, reply.Status);
        Assert.Contains("fewer days", reply.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SpendBy.Day | SpendBy.Month, "", "", "", 1)]
    [InlineData(SpendBy.Account | SpendBy.Run, "", "", "", 1)]
    [InlineData(SpendBy.Day, "yesterday", "", "", 1)]
    [InlineData(SpendBy.Day, "2026-03-06", "2026-03-06", "", 1)]
    [InlineData(SpendBy.Day, "2024-03-06", "2026-03-06", "", 1)]
    [InlineData(SpendBy.Day, "", "", "Mars/Base", 1)]
    [InlineData(SpendBy.Day, "", "", "Europe//Berlin", 1)]
    [InlineData(SpendBy.Day, "", "", "/Europe/Berlin", 1)]
    [InlineData(SpendBy.Day, "", "", "", 0)]
    [InlineData(SpendBy.Day, "", "", "", 1_001)]
    public async Task Read_RequestIsWrong_SaysWhy(SpendBy by, string from, string to, string zone, int accounts)
    {
        var reply = await Reader().ReadAsync(Ask(by) with { From = from, To = to, TimeZone = zone, Accounts = accounts }, Ct);

        Assert.Equal(BudgetStatus.InvalidCommand, reply.Status);
        Assert.NotEmpty(reply.Problem);
    }

    [Fact]
    public async Task Read_AccountThatIsNotConfigured_IsUnknownWhateverItsLogHas()
    {
        await PutAsync("globex", (Noon, 1));

        Assert.Equal(BudgetStatus.UnknownAccount, (await Reader().ReadAsync(Ask(SpendBy.Day) with { Account = new AccountId("globex") }, Ct)).Status);
    }

    [Fact]
    public async Task Read_LocalDays_BeginWhereTheClocksSay()
    {
        await PutAsync("acme", (new DateTimeOffset(2026, 3, 28, 22, 59, 0, TimeSpan.Zero), 1), (new DateTimeOffset(2026, 3, 28, 23, 0, 0, TimeSpan.Zero), 2));

        var reply = await Reader().ReadAsync(Ask(SpendBy.Day) with { From = "2026-03-29", To = "2026-03-30", TimeZone = "Europe/Berlin" }, Ct);

        Assert.Equal(("2026-03-29", 2L), (Assert.Single(reply.Rows).Period, reply.Total!.SpentNanos));
        Assert.Equal(TimeSpan.FromHours(23), reply.To - reply.From);
    }

    private static SpendRequest Ask(SpendBy by) => new() { Account = new AccountId("acme"), By = by };

    private SpendReader Reader(int entries = 1_000_000) => new(
        _log, new TestModel().Account("acme", 1_000).Account("acme/*", 1_000).Build(), new FakeTimeProvider(Noon))
    {
        MaxEntries = entries,
    };

    private async Task PutAsync(string account, params (DateTimeOffset At, long Nanos)[] spent) => await _log.AppendAsync(
        account,
        1,
        [
            .. spent.Select(s => LedgerEntryText.Encode(new LedgerEntry
            {
                Kind = LedgerEntryKind.Booked, RecordedAt = s.At, At = s.At, OperationId = "op", Amount = new Money(s.Nanos), Endpoint = "big", Attempts = 1,
            })),
        ],
        Ct);
}
