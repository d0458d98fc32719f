using Cascade.Budgets;
using Cascade.Grains.Budgets;
using Cascade.Tests.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class LedgerBooksTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Verify_RandomHistoriesStoredAtAnyMoment_Agree() => await LedgerMove.History.SampleAsync(
        async history =>
        {
            var script = new LedgerScript();
            script.Run(history);
            foreach (var onTheirWay in (int[])[0, 1, 5, 1_000])
            {
                var shelf = new LedgerShelf();
                await shelf.PutAsync("acme", script.State, script.Entries, onTheirWay);

                var check = await shelf.Books.VerifyAsync("acme", Ct);

                Assert.Empty(check.Problems);
                Assert.Equal(script.Entries.Count, check.Entries);
                Assert.Equal(script.Entries, await EntriesAsync(shelf, DateTimeOffset.MinValue));
            }
        },
        iter: 60,
        threads: 1);

    [Fact]
    public async Task Verify_BalanceIsAltered_NamesItWithBothValues()
    {
        var shelf = await ShelfAsync();
        shelf.Change("acme", record => record with { SettledNanos = record.SettledNanos + 1 });

        var check = await shelf.Books.VerifyAsync("acme", Ct);

        Assert.Contains(check.Problems, p => p.StartsWith("settled: the state has ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_EntriesAreMissing_SaysWhichAndEntriesThrow()
    {
        var shelf = await ShelfAsync();
        shelf.Change("acme", record => record with { FirstEntry = record.FirstEntry + 3 });

        Assert.Contains((await shelf.Books.VerifyAsync("acme", Ct)).Problems, p => p.Contains("are missing from the log", StringComparison.Ordinal)
            || p.Contains("another one than that of the state", StringComparison.Ordinal));
        await Assert.ThrowsAsync<InvalidDataException>(() => EntriesAsync(shelf, DateTimeOffset.MinValue));
    }

    [Fact]
    public async Task Verify_LogHasMoreThanWasEverStored_SaysSo()
    {
        var shelf = await ShelfAsync();
        var count = await shelf.Log.CountAsync("acme", Ct);
        await shelf.Log.AppendAsync("acme", count + 1, ["e1 kind=1 op=ghost amount=5"], Ct);

        Assert.Equal("has 1 entries in the log that were never stored", Assert.Single((await shelf.Books.VerifyAsync("acme", Ct)).Problems));
    }

    [Fact]
    public async Task Verify_EntryCannotBeRead_SaysWhichAndWhy()
    {
        var shelf = await ShelfAsync();
        await shelf.Log.AppendAsync("globex", 1, ["e9 kind=1"], Ct);
        await shelf.PutAsync("globex", LedgerState.Empty, []);
        shelf.Change("globex", record => record with { FirstEntry = 2, Entries = [] });

        Assert.Contains((await shelf.Books.VerifyAsync("globex", Ct)).Problems, p => p.Contains("entry 1 cannot be read: its format is 'e9'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_EntriesWithoutBalance_IsAProblem()
    {
        var shelf = await ShelfAsync();
        var entries = await EntriesAsync(shelf, DateTimeOffset.MinValue);
        shelf.Remove("acme");

        Assert.EndsWith("entries and no stored balance", Assert.Single((await shelf.Books.VerifyAsync("acme", Ct)).Problems), StringComparison.Ordinal);
        Assert.Equal(entries, await EntriesAsync(shelf, DateTimeOffset.MinValue));
    }

    [Fact]
    public async Task Verify_DocumentCannotBeRead_IsAProblem()
    {
        var shelf = new LedgerShelf();
        shelf.Documents["acme"] = "{\"schemaVersion\":99}";

        Assert.Contains("cannot be read", Assert.Single((await shelf.Books.VerifyAsync("acme", Ct)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_BalanceFromBeforeEntries_IsNoContradiction()
    {
        var shelf = new LedgerShelf();
        await shelf.PutAsync("acme", LedgerState.Empty with { Settled = new Money(5), ByModel = [new ModelUsage { Endpoint = "", Settled = new Money(5) }] }, []);

        var check = await shelf.Books.VerifyAsync("acme", Ct);

        Assert.True(check.BeforeEntries);
        Assert.Empty(check.Problems);
    }

    [Fact]
    public async Task Entries_Since_LeavesOutNothingOfThatTime() => await Gen.Select(LedgerMove.History, Gen.Int[-3, 40], Gen.Int[0, 9]).SampleAsync(
        async (history, day, onTheirWay) =>
        {
            var script = new LedgerScript();
            script.Run(history);
            var shelf = new LedgerShelf();
            // The script's clock goes back by up to two days at once; entries are put in the order of a clock that does not.
            var entries = script.Entries.OrderBy(e => e.RecordedAt).ToList();
            await shelf.PutAsync("acme", script.State, entries, onTheirWay);
            var since = new DateTimeOffset(2026, 3, 6, 0, 0, 0, TimeSpan.Zero).AddDays(day);

            var read = await EntriesAsync(shelf, since);

            Assert.Equal(entries.Where(e => e.At >= since), read.Where(e => e.At >= since));
        },
        iter: 100,
        threads: 1);

    [Fact]
    public async Task Budgets_Subtree_HasWhatIsBelowAndNoNamesake()
    {
        var shelf = new LedgerShelf();
        foreach (var budget in (string[])["acme", "acme/search", "acme/search#big", "acme#big", "acme-2", "acmes/x", "globex"])
        {
            await shelf.PutAsync(budget, LedgerState.Empty, []);
        }

        await shelf.Log.AppendAsync("acme/lost", 1, ["e1 kind=1"], Ct);

        Assert.Equal(["acme", "acme#big", "acme/lost", "acme/search", "acme/search#big"], await shelf.Books.BudgetsAsync("acme", Ct));
        Assert.Equal(["acme/search", "acme/search#big"], await shelf.Books.BudgetsAsync("acme/search", Ct));
        Assert.Equal(8, (await shelf.Books.BudgetsAsync("", Ct)).Length);
    }

    [Fact]
    public void TopsAndLeaves_OfATree_AreWhatTheNamesSay()
    {
        string[] accounts = ["acme", "acme/a", "acme/a/run-1", "acme/b", "acme-2/x/y", "globex/z"];

        Assert.Equal(["acme", "acme-2/x/y", "globex/z"], BudgetPaths.Tops(accounts));
        Assert.Equal(["acme/a/run-1", "acme/b", "acme-2/x/y", "globex/z"], BudgetPaths.Leaves(accounts));
    }

    private static async Task<LedgerShelf> ShelfAsync()
    {
        var script = new LedgerScript();
        script.Run([.. Enumerable.Range(0, 60).Select(i => new LedgerMove(i * 37 % 100, i % 4, 10 + (i % 9), i * 7 % 41, i * 11 % 41, i * 5 % 41))]);
        var shelf = new LedgerShelf();
        await shelf.PutAsync("acme", script.State, script.Entries);
        return shelf;
    }

    private static async Task<List<LedgerEntry>> EntriesAsync(LedgerShelf shelf, DateTimeOffset since)
    {
        var entries = new List<LedgerEntry>();
        await foreach (var (_, entry) in shelf.Books.EntriesAsync("acme", since, Ct))
        {
            entries.Add(entry);
        }

        return entries;
    }
}
