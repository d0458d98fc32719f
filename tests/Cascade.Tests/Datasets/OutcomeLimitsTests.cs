using System.Globalization;
using System.Text;
using Cascade.Datasets;
using Xunit;

namespace Cascade.Tests.Datasets;

/// <summary>Small files that would become large in memory end at a limit, at the row that exceeds it.</summary>
public sealed class OutcomeLimitsTests : IDisposable
{
    private const int Rows = 200;

    private readonly DatasetFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("query_id,model,quality", "q{0},m,1", 3 * 6)]
    [InlineData("query_id,model,quality", "q{0},m{0},1", 3 * 3 * 6)]
    [InlineData("query_id,model,quality,signal:a,signal:b", "q{0},m,1,1,1", 3 * 8)]
    [InlineData("query_id,model,quality,feature:a,feature:b", "q{0},m,1,1,1", 3 * 8)]
    [InlineData("query_id,quality:a,quality:b,feature:f,signal:s:a", "q{0},1,1,1,1", 3 * ((2 * 7) + 1))]
    public async Task ReadAsync_TableOfMoreThanThreeQueries_EndsAtTheFourth(string header, string row, int valuesOfThree)
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", Csv(header, row)));

        var problem = Assert.Single(await DatasetFiles.ProblemsAsync(source, new ReadOptions { MaxTableValues = valuesOfThree }));

        Assert.StartsWith("x.csv, line 5: ", problem, StringComparison.Ordinal);
        Assert.Contains(nameof(ReadOptions.MaxTableValues), problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_QueriesOfModelsThatDidNotRun_CountAsRowsOfTheTable()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", Csv("query_id,quality:a", "q{0},")));

        var problem = Assert.Single(await DatasetFiles.ProblemsAsync(source, new ReadOptions { MaxTableValues = 18 }));

        Assert.StartsWith("x.csv, line 5: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SmallFileOfLongTexts_EndsWhenTheyAreTooMany()
    {
        var csv = new StringBuilder("query_id,model,quality,text\n");
        for (var i = 0; i < 25; i++)
        {
            csv.Append(CultureInfo.InvariantCulture, $"q{i},m,1,").Append('x', 1_000_000).Append('\n');
        }

        var zipped = DatasetFiles.Zip(Encoding.UTF8.GetBytes(csv.ToString()));
        Assert.True(zipped.Length < 100_000, $"{zipped.Length} bytes");
        var source = OutcomeSource.Of(_files.Put("x.csv.gz", zipped));

        var problem = Assert.Single(await DatasetFiles.ProblemsAsync(source, new ReadOptions { MaxTextBytes = 10_000_000 }));

        Assert.StartsWith("x.csv.gz, line 6: brings ids, texts and answers to 10000", problem, StringComparison.Ordinal);
        Assert.Contains(nameof(ReadOptions.MaxTextBytes), problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("query_id,model,quality", "a-long-name-of-a-query-{0},m,1")]
    [InlineData("query_id,model,quality", "q{0},a-long-name-of-a-model-{0},1")]
    [InlineData("query_id,model,quality,task", "q{0},m,1,a-long-name-of-a-task-{0}")]
    [InlineData("query_id,model,quality,split", "q{0},m,1,a-long-name-of-a-split-{0}")]
    [InlineData("query_id,model,quality,answer", "q{0},m,1,a-long-answer-to-a-query-{0}")]
    public async Task ReadAsync_ManyLongStrings_AreCountedWhateverTheyAre(string header, string row)
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", Csv(header, row))) with { Agreement = new AgreementSignal("s", "answer", "m") };
        source = header.EndsWith("answer", StringComparison.Ordinal) ? source : source with { Agreement = null };

        var problem = Assert.Single(await DatasetFiles.ProblemsAsync(source, new ReadOptions { MaxTextBytes = Rows * 70 }));

        Assert.Contains(nameof(ReadOptions.MaxTextBytes), problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_TextsOfASecondFile_AreCounted()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality\nq1,m,1\nq2,m,1\n")) with
        {
            Texts = new QueryTexts(_files.Put("texts.csv", $"query_id,text\nq1,{new string('x', 400)}\nq2,{new string('x', 400)}\n")),
        };

        var problem = Assert.Single(await DatasetFiles.ProblemsAsync(source, new ReadOptions { MaxTextBytes = 1_500 }));

        Assert.StartsWith("texts.csv, line 3: ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_ParquetThatStatesMoreThanMayBeHeld_IsRefusedUnread()
    {
        var path = _files.Put("x.parquet", await File.ReadAllBytesAsync(DatasetFiles.Golden("outcomes.parquet"), TestContext.Current.CancellationToken));
        var (table, _) = await DatasetFiles.ReadAsync(OutcomeSource.Of(path));

        var problem = Assert.Single(await DatasetFiles.ProblemsAsync(OutcomeSource.Of(path), new ReadOptions { MaxHeldBytes = 64 * 10 * table.RowCount }));

        Assert.Contains("x.parquet, row 1: row group 0 has", problem, StringComparison.Ordinal);
        Assert.Contains(nameof(ReadOptions.MaxHeldBytes), problem, StringComparison.Ordinal);
    }

    private static string Csv(string header, string row) =>
        $"{header}\n{string.Concat(Enumerable.Range(0, Rows).Select(i => string.Format(CultureInfo.InvariantCulture, row, i) + "\n"))}";
}
