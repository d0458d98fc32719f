using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Cascade.Learning;
using Cascade.Planning.Estimation;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Routing;
using Cascade.Tests.Verification;
using Xunit;

namespace Cascade.Tests.Routing;

/// <summary>What routers make of real outcomes they were not fitted on; only what holds with room to spare is asserted.</summary>
public sealed class RecordedRoutingTests
{
    [Fact]
    public void Routers_TwoModelsOnMmlu_BeatMixingAndWordsBeatNothing()
    {
        var table = Load("routellm", "question", "mmlu", split: null, every: 3);

        var single = HeldOut(table, new DirectModels());
        var mean = HeldOut(table, new RouterStrategy(new MeanTrainer()));
        var task = HeldOut(table, new RouterStrategy(new PerTaskMeanTrainer()));
        var logistic = HeldOut(table, new RouterStrategy(new LogisticTrainer()));
        var boosted = HeldOut(table, new RouterStrategy(new BoostedTrainer { Trees = 20 }));

        Report(single, mean, task, logistic, boosted);
        Assert.Equal(single, mean, 0.002);
        Assert.All([task, logistic, boosted], value => Assert.True(value > single + 0.008, $"{value:F4} against {single:F4}"));
    }

    [Fact]
    public void Routers_NineModelsOnMmlu_BeatMixing()
    {
        var table = Load("nine_models", "user_prompt", "mmlu", split: "test", every: 1);

        var single = HeldOut(table, new DirectModels());
        var task = HeldOut(table, new RouterStrategy(new PerTaskMeanTrainer()));
        var logistic = HeldOut(table, new RouterStrategy(new LogisticTrainer()));

        Report(single, task, logistic);
        Assert.All([task, logistic], value => Assert.True(value > single + 0.005, $"{value:F4} against {single:F4}"));
    }

    private static void Report(params double[] values) =>
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(" ", values.Select(v => v.ToString("F4", CultureInfo.InvariantCulture))));

    /// <summary>Mean quality over evenly spaced budgets: mixes chosen on one part of the rows, measured on another, fitted on a third.</summary>
    private static double HeldOut(OutcomeTable table, ICascadeStrategy strategy)
    {
        var split = OutcomeSplit.Of(table, 0.4, 0.3, "routing");
        int[] all = [.. Enumerable.Range(0, table.ModelCount)];
        var context = RoutingTables.Context(table.Select(all, split.Fit));
        int[] order = [.. context.Outcomes.Models.Select(m => table.Models.IndexOf(m))];
        var fitted = strategy.Fit(context);
        var (choose, report) = (Run(fitted, context, table.Select(order, split.Choose)), Run(fitted, context, table.Select(order, split.Report)));
        var hull = CostFrontier.Of([.. choose.Select((r, i) => new FrontierPoint(r.MeanCostUsd, r.MeanQuality, i))]);
        var (low, high) = (context.Models[0].CostUsd, context.Models[^1].CostUsd);
        return Enumerable.Range(0, 41).Average(i =>
        {
            var choice = hull.AtBudget(low + ((high - low) * i / 40));
            var (cheap, dear) = (report[choice.Lower.Policy].MeanQuality, report[choice.Upper.Policy].MeanQuality);
            return cheap + (choice.UpperShare * (dear - cheap));
        });
    }

    private static PolicyResult[] Run(FittedStrategy fitted, FitContext context, OutcomeTable table)
    {
        var evidence = Evidence.For(fitted, table);
        return [.. fitted.Candidates.Select(c => PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence, c.Price))];
    }

    private static OutcomeTable Load(string name, string textKey, string dataset, string? split, int every)
    {
        RecordedData.SkipUnlessPresent($"{name}.csv.gz", $"{name}_queries.jsonl.gz");
        var builder = new OutcomeTableBuilder();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        var met = 0;
        foreach (var line in Lines($"{name}_queries.jsonl.gz"))
        {
            using var document = JsonDocument.Parse(line);
            var query = document.RootElement;
            if (query.GetProperty("dataset").GetString() == dataset
                && (split is null || query.GetProperty("split").GetString() == split)
                && met++ % every == 0)
            {
                var id = query.GetProperty("query_id").GetString()!;
                kept.Add(id);
                builder.Describe(
                    new OutcomeQuery { Id = id, Text = query.GetProperty(textKey).GetString(), Task = query.GetProperty("subject").GetString() }, []);
            }
        }

        string[]? header = null;
        foreach (var fields in Lines($"{name}.csv.gz").Select(line => line.Split(',')))
        {
            header ??= fields;
            if (kept.Contains(fields[0]))
            {
                builder.Add(new OutcomeRecord
                {
                    QueryId = fields[0],
                    Model = fields[Array.IndexOf(header, "model")],
                    Quality = Number("correct"),
                    CostUsd = Number("cost_usd"),
                    InputTokens = Number("input_tokens"),
                    OutputTokens = Number("output_tokens"),
                });
            }

            double Number(string column) => double.Parse(fields[Array.IndexOf(header, column)], CultureInfo.InvariantCulture);
        }

        var table = builder.Build();
        return table.Select([.. Enumerable.Range(0, table.ModelCount)], table.CompleteRows());
    }

    private static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(RecordedData.Directory!, file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
