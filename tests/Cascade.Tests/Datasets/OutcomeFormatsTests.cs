using System.Text;
using Cascade.Datasets;
using Cascade.Planning.Outcomes;
using Cascade.Tests.Architecture;
using Parquet;
using Parquet.Schema;
using Xunit;

namespace Cascade.Tests.Datasets;

/// <summary>The same outcomes in every format give the same table.</summary>
public sealed class OutcomeFormatsTests : IDisposable
{
    private readonly DatasetFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task ReadAsync_GoldenCsv_HasEveryValue()
    {
        var (table, report) = await DatasetFiles.ReadAsync(OutcomeSource.Of(DatasetFiles.Golden("outcomes.csv")));

        AssertGolden(table);
        var file = Assert.Single(report.Files);
        Assert.Equal((FileFormat.Csv, false, 4, 4), (file.Format, file.Compressed, file.RowsRead, file.RowsTaken));
        Assert.Equal([new("cost_usd", 1), new("judge_cost_usd", 2), new("signal:confidence", 2)], file.Blanks);
        Assert.Empty(file.ColumnsNotRead);
        Assert.Equal(1, report.IncompleteQueries);
        Assert.Equal(0, report.QueriesWithoutText);
    }

    [Fact]
    public async Task ReadAsync_GoldenJsonLines_IsTheSameTable()
    {
        var (table, report) = await DatasetFiles.ReadAsync(OutcomeSource.Of(DatasetFiles.Golden("outcomes.jsonl")));

        AssertGolden(table);
        Assert.Equal((FileFormat.JsonLines, 1), (report.Files[0].Format, report.Files[0].BlankLines));
    }

    [Fact]
    public async Task ReadAsync_GoldenWide_IsTheSameTable()
    {
        var mapping = OutcomeMapping.Default with { InputTokens = "input_tokens" };
        var (table, report) = await DatasetFiles.ReadAsync(OutcomeSource.Of(DatasetFiles.Golden("outcomes-wide.csv")) with { Mapping = mapping });

        AssertGolden(table);
        Assert.Equal(2, report.Files[0].RowsTaken);
    }

    [Fact]
    public async Task ReadAsync_Parquet_IsTheSameTable()
    {
        var (table, report) = await DatasetFiles.ReadAsync(OutcomeSource.Of(DatasetFiles.Golden("outcomes.parquet")));

        AssertGolden(table);
        Assert.Equal((FileFormat.Parquet, false, 4), (report.Files[0].Format, report.Files[0].Compressed, report.Files[0].RowsRead));
    }

    [Fact]
    public async Task ReadAsync_ParquetWrittenNow_IsTheSameTable()
    {
        var parquet = await ParquetAsync();
        if (Environment.GetEnvironmentVariable("CASCADE_UPDATE_BASELINES") == "1")
        {
            var golden = Path.Combine(RepositoryTree.Root, "tests/Cascade.Tests/Datasets/Golden/outcomes.parquet");
            await File.WriteAllBytesAsync(golden, parquet, TestContext.Current.CancellationToken);
        }

        AssertGolden((await DatasetFiles.ReadAsync(OutcomeSource.Of(_files.Put("x", parquet)))).Table);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("parquet")]
    public async Task ReadAsync_InsideGzip_IsTheSameTable(string format)
    {
        var content = await File.ReadAllBytesAsync(DatasetFiles.Golden($"outcomes.{format}"), TestContext.Current.CancellationToken);
        var (table, report) = await DatasetFiles.ReadAsync(OutcomeSource.Of(_files.Put("a-name-that-says-nothing", DatasetFiles.Zip(content))));

        AssertGolden(table);
        Assert.True(report.Files[0].Compressed);
    }

    [Theory]
    [InlineData("\r\n", false)]
    [InlineData("\r\n", true)]
    [InlineData("\n", true)]
    public async Task ReadAsync_LineBreaksAndByteOrderMark_MakeNoDifference(string lineBreak, bool hasMark)
    {
        var text = $"query_id,model,quality{lineBreak}q1,small,1{lineBreak}{lineBreak}q2,small,0";
        var content = (hasMark ? Encoding.UTF8.Preamble.ToArray() : []).Concat(Encoding.UTF8.GetBytes(text)).ToArray();
        var (table, report) = await DatasetFiles.ReadAsync(OutcomeSource.Of(_files.Put("x.csv", content)));

        Assert.Equal(["q1", "q2"], table.Queries.Select(query => query.Id));
        Assert.Equal(1, report.Files[0].BlankLines);
    }

    [Fact]
    public async Task ReadAsync_RecordAcrossManyLines_KeepsThem()
    {
        var text = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i}\r\n"));
        var path = _files.Put("x.csv", $"query_id,model,quality,text\nq1,small,1,\"{text}\"\nq2,small,0,short\n");
        var (table, _) = await DatasetFiles.ReadAsync(OutcomeSource.Of(path));

        Assert.Equal([text, "short"], table.Queries.Select(query => query.Text));
    }

    private static void AssertGolden(OutcomeTable table)
    {
        Assert.Equal(["q1", "q2"], table.Queries.Select(query => query.Id));
        Assert.Equal(["What is \"2\",\nplus 2?", "Qui a écrit « Candide » ?"], table.Queries.Select(query => query.Text));
        Assert.Equal(["maths", "trivia"], table.Queries.Select(query => query.Task));
        Assert.Equal(["train", "test"], table.Queries.Select(query => query.PublishedSplit));
        Assert.Equal(["small", "large"], table.Models);
        Assert.Equal([1, 0], table.Quality(0).ToArray());
        Assert.Equal([1, 0.5], table.Quality(1).ToArray());
        Assert.Equal([0.0001, 0.0002], table.CostUsd(0).ToArray());
        Assert.Equal([0.002, double.NaN], table.CostUsd(1).ToArray());
        Assert.Equal([0.00002, 0.00002], table.JudgeCostUsd(0).ToArray());
        Assert.Equal([0, 0], table.JudgeCostUsd(1).ToArray());
        Assert.Equal([10, 20], table.InputTokens(1).ToArray());
        Assert.Equal([5, 6], table.OutputTokens(0).ToArray());
        Assert.Equal([1.5, 2], table.LatencySeconds(1).ToArray());
        Assert.Equal(["confidence"], table.Signals);
        Assert.Equal([-0.1, double.NegativeInfinity], table.Signal(0, 0).ToArray());
        Assert.Equal([double.NaN, double.NaN], table.Signal(1, 0).ToArray());
        Assert.Equal(["length"], table.Features);
        Assert.Equal([14, 25], table.Feature(0).ToArray());
    }

    private static async Task<byte[]> ParquetAsync()
    {
        string[] texts = ["query_id", "model", "text", "task", "split"];
        DataField[] fields =
        [
            .. texts.Select(name => new DataField<string>(name)),
            new DataField<double>("quality"),
            .. new[] { "cost_usd", "judge_cost_usd", "latency_seconds", "signal:confidence" }.Select(name => new DataField<double?>(name)),
            new DataField<int>("input_tokens"),
            new DataField<long?>("output_tokens"),
            new DataField<float>("feature:length"),
        ];
        var table = (await DatasetFiles.ReadAsync(OutcomeSource.Of(DatasetFiles.Golden("outcomes.csv")))).Table;
        var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, null, false, TestContext.Current.CancellationToken))
        {
            for (var row = 0; row < table.RowCount; row++)
            {
                await WriteGroupAsync(writer, fields, table, row);
            }
        }

        return stream.ToArray();
    }

    private static async Task WriteGroupAsync(ParquetWriter writer, DataField[] fields, OutcomeTable table, int row)
    {
        using var group = writer.CreateRowGroup();
        var query = table.Queries[row];
        string[][] texts = [[query.Id, query.Id], [.. table.Models], [query.Text!, query.Text!], [query.Task!, query.Task!], [query.PublishedSplit!, query.PublishedSplit!]];
        for (var i = 0; i < texts.Length; i++)
        {
            await group.WriteAsync(fields[i], texts[i]);
        }

        await group.WriteAsync<double>(fields[5], new[] { table.Quality(0)[row], table.Quality(1)[row] });
        await group.WriteAsync<double>(fields[6], Known(table.CostUsd(0)[row], table.CostUsd(1)[row]));
        await group.WriteAsync<double>(fields[7], Known(table.JudgeCostUsd(0)[row], double.NaN));
        await group.WriteAsync<double>(fields[8], Known(table.LatencySeconds(0)[row], table.LatencySeconds(1)[row]));
        await group.WriteAsync<double>(fields[9], Known(table.Signal(0, 0)[row], double.NaN));
        await group.WriteAsync<int>(fields[10], new[] { (int)table.InputTokens(0)[row], (int)table.InputTokens(1)[row] });
        await group.WriteAsync<long>(fields[11], new long?[] { (long)table.OutputTokens(0)[row], (long)table.OutputTokens(1)[row] });
        await group.WriteAsync<float>(fields[12], new[] { (float)table.Feature(0)[row], (float)table.Feature(0)[row] });
    }

    private static double?[] Known(params double[] values) => [.. values.Select(value => double.IsNaN(value) ? (double?)null : value)];
}
