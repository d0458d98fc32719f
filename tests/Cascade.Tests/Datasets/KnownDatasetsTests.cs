using Cascade.Datasets;
using Xunit;

namespace Cascade.Tests.Datasets;

/// <summary>The published data sets as their own description counts them. Reads the data folder; skipped where there is none.</summary>
public sealed class KnownDatasetsTests
{
    private static readonly Lazy<string?> DataFolder = new(FindFolder);

    [Theory]
    [InlineData("nine_models/gsm8k", 300, 9, 300)]
    [InlineData("nine_models/mmlu", 1816, 9, 1816)]
    [InlineData("nine_models/triviaqa", 1300, 9, 1300)]
    [InlineData("zeroeval/gsm", 1319, 44, 0)]
    [InlineData("zeroeval/crux", 800, 51, 0)]
    [InlineData("zeroeval/math-l5", 721, 43, 0)]
    [InlineData("routellm/gsm8k", 1319, 2, 1319)]
    [InlineData("routellm/mmlu", 14042, 2, 14042)]
    [InlineData("routellm/mt-bench", 160, 2, 0)]
    [InlineData("automix/cnli_short", 1000, 2, 1000)]
    [InlineData("automix/coqa_short", 1000, 2, 1000)]
    [InlineData("automix/narrative_qa_short", 1000, 2, 1000)]
    [InlineData("automix/qasper_short", 1000, 2, 1000)]
    [InlineData("automix/qasper_short/log_probability", 1000, 2, 1000)]
    [InlineData("routerarena", 809, 2, 809)]
    [InlineData("paretobandit", 3559, 4, 3559)]
    [InlineData("paretobandit3", 3609, 3, 3609)]
    public async Task ReadAsync_KnownDataset_HasTheDocumentedRows(string name, int queries, int models, int complete)
    {
        var (table, report) = await ReadAsync(name);

        Assert.Equal((queries, models, complete), (table.RowCount, table.ModelCount, table.CompleteRows().Length));
        Assert.Equal(queries - complete, report.IncompleteQueries);
        Assert.All(report.Files, file => Assert.Equal(file.RowsRead, file.RowsTaken + file.RowsFiltered + file.RowsOfOtherModels));
        Assert.Equal(name.StartsWith("automix", StringComparison.Ordinal) || name == "routellm/mt-bench" ? queries : 0, report.QueriesWithoutText);
    }

    [Theory]
    [InlineData("nine_models/gsm8k", "llama3.2-1b", null, 300, 0.5900, 3.48583e-05)]
    [InlineData("nine_models/gsm8k", "llama3.1-70b", null, 300, 0.9767, 0.000333645)]
    [InlineData("nine_models/mmlu", "gpt-4o", "test", 1531, 0.8361, 0.000474758)]
    [InlineData("nine_models/triviaqa", "llama3.1-405b", "test", 1000, 0.9490, 0.000267225)]
    [InlineData("zeroeval/gsm", "Meta-Llama-3.1-8B-Instruct", null, 1319, 0.8400, 6.98428e-05)]
    [InlineData("zeroeval/gsm", "gemini-1.5-flash-exp-0827", null, 681, 0.9501, 5.91913e-05)]
    [InlineData("zeroeval/gsm", "o1-mini-2024-09-12", null, 1319, 0.9606, double.NaN)]
    [InlineData("zeroeval/crux", "gpt-4o-2024-08-06", null, 800, 0.8700, 0.00286628)]
    [InlineData("zeroeval/math-l5", "claude-3-haiku-20240307", null, 721, 0.1512, 0.000365594)]
    [InlineData("routellm/gsm8k", "gpt-4-1106-preview", null, 1319, 0.8567, 0.00412915)]
    [InlineData("routellm/mmlu", "mistralai/Mixtral-8x7B-Instruct-v0.1", null, 14042, 0.6808, 6.96559e-05)]
    [InlineData("routellm/mt-bench", "gpt-4-1106-preview", null, 160, 0.9228, double.NaN)]
    [InlineData("automix/coqa_short", "llama-3.1-8b-instruct", null, 1000, 0.4626, 5.0)]
    [InlineData("automix/cnli_short", "gpt-5", null, 1000, 0.7630, 25.0)]
    [InlineData("routerarena", "gemini-2.0-flash-001", null, 809, 0.6901, 0.0000474907)]
    [InlineData("paretobandit", "google/gemini-2.5-pro", "test", 1793, 0.9332, 0.0150471)]
    [InlineData("paretobandit", "mistralai/mistral-large-2512", "val", 1766, 0.9256, 0.000494424)]
    public async Task ReadAsync_KnownDataset_HasTheDocumentedMeans(string name, string model, string? split, int count, double quality, double cost)
    {
        var table = (await ReadAsync(name)).Table;
        var m = table.Models.IndexOf(model);
        var rows = Enumerable.Range(0, table.RowCount)
            .Where(row => table.IsRecorded(m, row) && (split is null || table.Queries[row].PublishedSplit == split))
            .ToArray();

        Assert.Equal(count, rows.Length);
        Assert.Equal(quality, rows.Average(row => table.Quality(m)[row]), 4);
        Assert.Equal(1, double.IsNaN(cost) ? 1 : rows.Average(row => table.CostUsd(m)[row]) / cost, 4);
        Assert.Equal(double.IsNaN(cost), rows.Any(row => double.IsNaN(table.CostUsd(m)[row])));
    }

    [Fact]
    public async Task ReadAsync_AgreementOfZeroEval_IsTheMeasuredOne()
    {
        var table = (await ReadAsync("zeroeval/gsm")).Table;
        var (m, partner) = (table.Models.IndexOf("Meta-Llama-3.1-8B-Instruct"), table.Models.IndexOf("gemma-2-9b-it"));
        var agreement = table.Signal(m, 0).ToArray();
        var right = table.Quality(m).ToArray();

        Assert.Equal(0.809, agreement.Average(), 0.001);
        Assert.Equal(0.971, right.Where((_, row) => agreement[row] == 1).Average(), 0.002);
        Assert.Equal(0.286, right.Where((_, row) => agreement[row] == 0).Average(), 0.002);
        Assert.Equal(table.CostUsd(partner).ToArray(), table.JudgeCostUsd(m).ToArray());
        Assert.All(table.Signal(partner, 0).ToArray(), value => Assert.Equal(double.NaN, value));
    }

    [Fact]
    public async Task ReadAsync_JudgeCosts_AreThoseOfTheRule()
    {
        var nine = (await ReadAsync("nine_models/triviaqa")).Table;
        var free = (await ReadAsync("nine_models/mmlu")).Table;
        var units = (await ReadAsync("automix/coqa_short")).Table;
        var withoutCheck = (await ReadAsync("automix/coqa_short/log_probability")).Table;

        Assert.All(Enumerable.Range(0, nine.ModelCount), m => Assert.True(nine.JudgeCostUsd(m).ToArray().Average() > nine.CostUsd(m).ToArray().Average()));
        Assert.All(Enumerable.Range(0, free.ModelCount), m => Assert.Equal(0, free.JudgeCostUsd(m).ToArray().Max()));
        Assert.Equal([1, 0], new[] { units.JudgeCostUsd(0)[0], units.JudgeCostUsd(1)[0] });
        Assert.Equal(["mean_log_probability"], withoutCheck.Signals);
        Assert.All(Enumerable.Range(0, withoutCheck.ModelCount), m => Assert.Equal(0, withoutCheck.JudgeCostUsd(m).ToArray().Max()));
        Assert.Equal(27 + 11, nine.Signal(nine.Models.IndexOf("gpt-4o-mini"), 0).ToArray().Count(double.IsNegativeInfinity));
    }

    [Fact]
    public async Task ReadAsync_NoDataFolder_SaysWhatToSet()
    {
        var exception = await Assert.ThrowsAsync<OutcomeFileException>(
            () => KnownDatasets.ReadAsync("routerarena", "no-such-folder", null, TestContext.Current.CancellationToken));

        Assert.Contains("set CASCADE_DATA to the folder that has them", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_UnknownName_ListsTheKnown()
    {
        var exception = await Assert.ThrowsAsync<OutcomeFileException>(() => KnownDatasets.ReadAsync("x", null, null, TestContext.Current.CancellationToken));

        Assert.Contains("nine_models/mmlu, nine_models/triviaqa", exception.Message, StringComparison.Ordinal);
    }

    private static Task<OutcomeData> ReadAsync(string name)
    {
        Assert.SkipWhen(DataFolder.Value is null, "no data folder: set CASCADE_DATA to the folder with the recorded outcomes");
        return KnownDatasets.ReadAsync(name, DataFolder.Value, null, TestContext.Current.CancellationToken);
    }

    private static string? FindFolder()
    {
        if (Environment.GetEnvironmentVariable(KnownDatasets.FolderVariable) is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "..", "shared", "data");
            if (File.Exists(Path.Combine(folder.FullName, "Cascade.Cluster.sln")) && Directory.Exists(data))
            {
                return data;
            }
        }

        return null;
    }
}
