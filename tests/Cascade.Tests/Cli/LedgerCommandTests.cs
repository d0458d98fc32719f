using System.Globalization;
using System.Text.Json;
using Cascade.Budgets;
using Cascade.Cli;
using Cascade.Cli.Ledgers;
using Cascade.Contracts;
using Cascade.TestKit.Processes;
using Cascade.Tests.Grains;
using Microsoft.Extensions.Time.Testing;
using Parquet;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class LedgerCommandTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--redis", "ledger", "verify")]
    [InlineData("--by", "ledger", "spend", "--redis", "r", "--by", "colour")]
    [InlineData("--by", "ledger", "spend", "--redis", "r", "--by", "day,month")]
    [InlineData("--redis and --data", "ledger", "verify", "--redis", "r", "--data", "d")]
    [InlineData("--format", "ledger", "export", "--redis", "r", "--out", "x", "--format", "xml")]
    [InlineData("--time-zone", "ledger", "spend", "--redis", "r", "--time-zone", "Mars/Base")]
    [InlineData("--account", "ledger", "spend", "--redis", "r", "--account", "a//b")]
    [InlineData("--attempt", "budget", "reconcile", "--redis", "r")]
    [InlineData("--cost", "budget", "reconcile", "--redis", "r", "--attempt", "a", "--cost", "-1")]
    public async Task Run_CommandLineIsWrong_NamesTheOption(string named, params string[] args)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(ExitCodes.BadUsage, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_NobodyAnswers_EndsWithUnavailable()
    {
        var run = await CliRun.OfAsync("ledger", "verify", "--redis", "127.0.0.1:1,connectTimeout=200,connectRetry=1");

        Assert.Equal(ExitCodes.Unavailable, run.ExitCode);
        Assert.Contains("--redis", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_AllIsRight_EndsWith0AndSaysHowMuchWasRead()
    {
        var shelf = await ShelfAsync();

        var run = await RunAsync(shelf, "ledger", "verify");

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Contains("every balance is the sum of its entries", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("spend")]
    [InlineData("export", "--out", "never-written.csv")]
    public async Task Run_NothingIsStoredOfTheAccount_IsNoEmptySuccess(string command, params string[] more)
    {
        var run = await RunAsync(await ShelfAsync(), ["ledger", command, .. more, "--account", "acmee"]);

        Assert.Equal(ExitCodes.NoInput, run.ExitCode);
        Assert.Contains("nothing is stored of 'acmee'", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists("never-written.csv"));
    }

    [Fact]
    public async Task Read_CostWithAnExponent_IsThatCost()
    {
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "export.csv");
        await File.WriteAllTextAsync(path, "attempt_id,cost_usd\na,1.2e-05\n", Ct);

        Assert.Equal(12_000, (await KnownCosts.ReadAsync(path, "attempt_id", "cost_usd", Ct))["a"]);
    }

    [Fact]
    public async Task Verify_OneBalanceIsWrong_EndsWith1AndNamesIt()
    {
        var shelf = await ShelfAsync();
        shelf.Change("acme/search", record => record with { SettledNanos = record.SettledNanos + 5 });

        var run = await RunAsync(shelf, "ledger", "verify", "--json");

        Assert.Equal(ExitCodes.Contradiction, run.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        var wrong = Assert.Single(report.RootElement.GetProperty("wrong").EnumerateArray());
        Assert.Equal("acme/search", wrong.GetProperty("budget").GetString());
        Assert.Equal(ExitCodes.Done, (await RunAsync(shelf, "ledger", "verify", "--account", "globex")).ExitCode);
    }

    [Theory]
    [InlineData("account")]
    [InlineData("model")]
    [InlineData("day")]
    [InlineData("month,model")]
    [InlineData("run,day")]
    public async Task Spend_AnyWayOfTellingApart_HasTheSameTotal(string by)
    {
        var shelf = await ShelfAsync();

        var run = await RunAsync(shelf, "ledger", "spend", "--by", by, "--json");

        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(Usd.Exact(3_000 + 700), report.RootElement.GetProperty("total_usd").GetString());
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
        var told = rows.Sum(row => decimal.Parse(row.GetProperty("cost_usd").GetString()!, CultureInfo.InvariantCulture));

        // Accounts include what is below them; all else is told once. Some was spent by acme itself and by no run.
        var expected = by switch { "account" => 3_000 + 1_000 + 700, "run,day" => 1_000 + 700, _ => 3_700 };
        Assert.Equal(expected / 1e9m, told);
    }

    [Fact]
    public async Task Spend_OfOneMonthOfAnAccount_LeavesOutTheRest()
    {
        var shelf = await ShelfAsync();

        var run = await RunAsync(shelf, "ledger", "spend", "--account", "acme", "--by", "day", "--from", "2026-03-02", "--to", "2026-03", "--json");
        var march = await RunAsync(shelf, "ledger", "spend", "--account", "acme", "--by", "day", "--from", "2026-03-02", "--to", "2026-04", "--json");

        Assert.Equal("0.000000000", JsonDocument.Parse(run.Output).RootElement.GetProperty("total_usd").GetString());
        Assert.Equal("0.000002000", JsonDocument.Parse(march.Output).RootElement.GetProperty("total_usd").GetString());
    }

    [Fact]
    public async Task Spend_NoSuchAccount_SaysSo()
    {
        var run = await RunAsync(await ShelfAsync(), "ledger", "spend", "--account", "nobody");

        Assert.Equal(ExitCodes.NoInput, run.ExitCode);
        Assert.Contains("--account", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_OfABudget_AreItsLatest()
    {
        var run = await RunAsync(await ShelfAsync(), "ledger", "entries", "acme", "--last", "1", "--json");

        using var entry = JsonDocument.Parse(run.Output);
        Assert.Equal((1_000L, 3L), (entry.RootElement.GetProperty("amount_nanos").GetInt64(), entry.RootElement.GetProperty("attempts").GetInt64()));
    }

    [Fact]
    public async Task Export_EveryFormat_HasEveryEntryAndTheSameColumns()
    {
        using var folder = new TempDirectory();
        var shelf = await ShelfAsync();
        var csv = await ExportAsync(shelf, folder, "csv");
        var jsonl = await ExportAsync(shelf, folder, "jsonl");
        var parquet = await ExportAsync(shelf, folder, "parquet");

        var lines = await File.ReadAllLinesAsync(csv, Ct);
        Assert.Equal(string.Join(',', ExportColumn.All.Select(c => c.Name)), lines[0]);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Cli", "Golden", "ledger-export-v1.csv"), Ct), await File.ReadAllTextAsync(csv, Ct));
        var objects = (await File.ReadAllLinesAsync(jsonl, Ct)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(lines.Length - 1, objects.Count);
        Assert.All(objects, o => Assert.Equal(ExportColumn.All.Select(c => c.Name), o.EnumerateObject().Select(p => p.Name)));

        await using var stream = File.OpenRead(parquet);
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: Ct);
        Assert.Equal(ExportColumn.All.Select(c => c.Name), reader.Schema.GetDataFields().Select(f => f.Name));
        using var group = reader.OpenRowGroupReader(0);
        var amounts = new long[group.RowCount];
        await group.ReadAsync<long>(reader.Schema.GetDataFields()[7], amounts.AsMemory(), null, Ct);
        Assert.Equal(objects.Select(o => o.GetProperty("amount_nanos").GetInt64()), amounts);
        Assert.DoesNotContain(Directory.GetFiles(folder.Path), file => file.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unconfirmed_OfACluster_NamesTheBudgetsThatHold()
    {
        var run = await RunAsync(await HeldAsync(), "budget", "unconfirmed", "--json");

        using var list = JsonDocument.Parse(run.Output);
        var held = Assert.Single(list.RootElement.EnumerateArray());
        Assert.Equal(("call-1", "0.000000050"), (held.GetProperty("attempt_id").GetString(), held.GetProperty("upper_usd").GetString()));
        Assert.Equal(["acme", "acme#big", "acme/search"], held.GetProperty("budgets").EnumerateArray().Select(b => b.GetString()!));
    }

    [Fact]
    public async Task Reconcile_OneAttempt_TellsEveryBudgetThatHoldsItUnderOneOperation()
    {
        var writer = new FakeWriter();

        var run = await RunAsync(await HeldAsync(), writer, "budget", "reconcile", "--attempt", "call-1", "--cost", "0.00000003");
        await RunAsync(await HeldAsync(), writer, "budget", "reconcile", "--attempt", "call-1", "--cost", "0.00000003");

        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors + run.Output);
        Assert.Contains("reconciled 1", run.Output, StringComparison.Ordinal);
        Assert.Equal(["acme", "acme#big", "acme/search", "acme", "acme#big", "acme/search"], writer.Told.Select(t => t.Budget));
        Assert.All(writer.Told, t => Assert.Equal(("call-1", 30L), (t.Command.AttemptId, t.Command.CostNanos)));
        Assert.Single(writer.Told.Select(t => t.Command.Operation).Distinct());
    }

    [Fact]
    public async Task Reconcile_AFile_ReportsEachRowAndBooksOnlyWhatIsHeld()
    {
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "export.csv");
        await File.WriteAllTextAsync(path, "date,request,usd\r\n\"2026-03-06, noon\",call-1,0.000000030\r\nx,call-2,0.1\r\nx,old-1,0.00000004\r\nx,old-2,9\r\n", Ct);
        var shelf = await HeldAsync();
        await PutAsync(
            shelf,
            "globex",
            Booked(Now.AddDays(-90), 0) with { Kind = LedgerEntryKind.Held, AttemptId = "old-1", Upper = new Money(90) },
            Booked(Now.AddDays(-90), 40) with { Kind = LedgerEntryKind.Reconciled, AttemptId = "old-1" },
            Booked(Now.AddDays(-90), 0) with { Kind = LedgerEntryKind.Held, AttemptId = "old-2", Upper = new Money(90) },
            Booked(Now.AddDays(-90), 90) with { Kind = LedgerEntryKind.Folded, AttemptId = "old-2" });
        var writer = new FakeWriter();
        string[] command = ["budget", "reconcile", "--file", path, "--attempt-column", "request", "--cost-column", "usd"];

        var dry = await RunAsync(shelf, writer, [.. command, "--dry-run", "--json"]);
        Assert.Empty(writer.Told);
        var run = await RunAsync(shelf, writer, [.. command, "--json"]);

        foreach (var report in (CliRun[])[dry, run])
        {
            using var body = JsonDocument.Parse(report.Output);
            Assert.Equal(
                ["reconciled", "unknown", "already", "differs"], body.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("outcome").GetString()!));
            Assert.Equal(ExitCodes.Contradiction, report.ExitCode);
        }

        Assert.Equal(3, writer.Told.Count);
    }

    [Theory]
    [InlineData("acme", "acme/search", "acme#big")]
    [InlineData("acme")]
    [InlineData("acme#big")]
    public async Task Reconcile_ItsHolderTellsMeanwhile_SaysWhatTheHolderSaid(params string[] told)
    {
        var shelf = await HeldAsync();
        var writer = new FakeWriter
        {
            Answers = budget => told.Contains(budget) ? BudgetStatus.InvalidCommand : BudgetStatus.Ok,
            Meanwhile = budget => PutAsync(
                shelf,
                budget,
                Held(),
                Booked(Now, told.Contains(budget) ? 20 : 30) with
                {
                    Kind = told.Contains(budget) ? LedgerEntryKind.Resolved : LedgerEntryKind.Reconciled,
                    AttemptId = "call-1",
                    LeaseId = "lease-1",
                    Epoch = 1,
                }),
        };

        var run = await RunAsync(shelf, writer, "budget", "reconcile", "--attempt", "call-1", "--cost", "0.00000003");

        Assert.Equal(3, writer.Told.Count);
        Assert.True(run.ExitCode == ExitCodes.Contradiction, run.Errors + run.Output);
        Assert.Contains("Differs: Resolved", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("reconciled 1", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconcile_IsRefusedAndNoEntrySaysWhy_SaysThatAndNotThatNobodyHeldIt()
    {
        var run = await RunAsync(
            await HeldAsync(), new FakeWriter { Answers = static _ => BudgetStatus.InvalidCommand }, "budget", "reconcile", "--attempt", "call-1", "--cost", "0.00000003");

        Assert.Contains("refused the cost, and no entry says how it ended", run.Output, StringComparison.Ordinal);
        Assert.Contains("refused 1, not held 0 of 1", run.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Contradiction, run.ExitCode);
    }

    [Fact]
    public async Task Reconcile_CostOutsideTheBounds_IsBookedOnlyWhenAskedFor()
    {
        var writer = new FakeWriter();

        var run = await RunAsync(await HeldAsync(), writer, "budget", "reconcile", "--attempt", "call-1", "--cost", "1");
        Assert.Equal(ExitCodes.Contradiction, run.ExitCode);
        Assert.Empty(writer.Told);

        Assert.Equal(
            ExitCodes.Done, (await RunAsync(await HeldAsync(), writer, "budget", "reconcile", "--attempt", "call-1", "--cost", "1", "--beyond-bounds")).ExitCode);
        Assert.Equal(3, writer.Told.Count);
    }

    [Theory]
    [InlineData("attempt_id,cost_usd\na,1\na,2\n", "line 3: 'a' costs")]
    [InlineData("attempt_id,cost_usd\na,much\n", "line 2: the cost of 'a' is 'much'")]
    [InlineData("attempt_id,cost_usd\na\n", "line 2: has no attempt or no cost")]
    [InlineData("attempt,cost_usd\na,1\n", "no column 'attempt_id'")]
    public async Task Reconcile_FileIsWrong_NamesTheLine(string content, string problem)
    {
        using var folder = new TempDirectory();
        var path = Path.Combine(folder.Path, "export.csv");
        await File.WriteAllTextAsync(path, content, Ct);

        var run = await RunAsync(await HeldAsync(), new FakeWriter(), "budget", "reconcile", "--file", path);

        Assert.Equal(ExitCodes.BadData, run.ExitCode);
        Assert.Contains(problem, run.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> ExportAsync(LedgerShelf shelf, TempDirectory folder, string format)
    {
        var path = Path.Combine(folder.Path, "ledger." + format);
        var run = await RunAsync(shelf, "ledger", "export", "--format", format, "--out", path);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        return path;
    }

    private static Task<CliRun> RunAsync(LedgerShelf shelf, params string[] args) => RunAsync(shelf, new FakeWriter(), args);

    private static Task<CliRun> RunAsync(LedgerShelf shelf, IBudgetWriter writer, params string[] args) =>
        CliRun.WithAsync(host => host with { Ledgers = shelf.Books, Budgets = writer, Time = new FakeTimeProvider(Now) }, [.. args, "--redis", "nowhere"]);

    /// <summary>acme has spent 3,000, of it 1,000 by acme/search; globex has spent 700.</summary>
    private static async Task<LedgerShelf> ShelfAsync()
    {
        var shelf = new LedgerShelf();
        var march = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        await PutAsync(shelf, "acme", Booked(march, 1_000), Booked(march.AddDays(1), 1_000) with { Endpoint = "mini, \"fast\"" }, Booked(march.AddDays(1), 1_000) with { Attempts = 3 });
        await PutAsync(shelf, "acme/search", Booked(march, 1_000));
        await PutAsync(shelf, "acme#big", Booked(march, 2_000));
        await PutAsync(shelf, "globex", Booked(march.AddDays(-40), 700));
        return shelf;
    }

    private static async Task<LedgerShelf> HeldAsync()
    {
        var shelf = new LedgerShelf();
        foreach (var budget in (string[])["acme", "acme/search", "acme#big"])
        {
            await PutAsync(shelf, budget, Held());
        }

        return shelf;
    }

    private static LedgerEntry Booked(DateTimeOffset at, long nanos) =>
        new() { Kind = LedgerEntryKind.Booked, RecordedAt = at, At = at, OperationId = "op", Amount = new Money(nanos), Endpoint = "big", Attempts = 1 };

    private static LedgerEntry Held() => Booked(Now.AddDays(-1), 0) with
    {
        Kind = LedgerEntryKind.Held,
        AttemptId = "call-1",
        LeaseId = "lease-1",
        Epoch = 1,
        Lower = new Money(10),
        Upper = new Money(50),
        Attempts = 0,
    };

    /// <summary>Stores what the entries add up to.</summary>
    private static async Task PutAsync(LedgerShelf shelf, string budget, params LedgerEntry[] entries)
    {
        var told = LedgerReplay.Of(entries).Result();
        await shelf.PutAsync(
            budget,
            LedgerState.Empty with
            {
                Settled = told.Settled,
                Requests = told.Requests,
                ByModel = told.ByModel,
                Unconfirmed = LedgerState.Empty.Unconfirmed.AddRange(told.Unconfirmed),
            },
            entries);
    }

    private sealed class FakeWriter : IBudgetWriter
    {
        public List<(string Budget, Reconciliation Command)> Told { get; } = [];

        public Func<string, BudgetStatus> Answers { get; init; } = static _ => BudgetStatus.Ok;

        public Func<string, Task> Meanwhile { get; init; } = static _ => Task.CompletedTask;

        public async Task<BudgetStatus> ReconcileAsync(string budget, Reconciliation reconciliation, CancellationToken cancellationToken)
        {
            Told.Add((budget, reconciliation));
            await Meanwhile(budget);
            return Answers(budget);
        }
    }
}
