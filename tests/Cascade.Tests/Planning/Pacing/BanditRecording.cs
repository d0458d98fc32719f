using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Cascade.Planning.Estimation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;
using Cascade.Tests.Verification;
using Xunit;

namespace Cascade.Tests.Planning.Pacing;

/// <summary>
/// Judged answers of three models with their cost (ParetoBandit, Apache-2.0). Everything is fitted and chosen on the validation rows, by
/// cross-validation; the test rows are run over and nothing else.
/// </summary>
internal sealed class BanditRecording
{
    private const string ValidationFile = "paretobandit3_val.jsonl.gz";
    private const string TestFile = "paretobandit3_test.jsonl.gz";
    private const int Folds = 10;

    private static readonly string[] Models = ["meta-llama/llama-3.1-8b-instruct", "mistralai/mistral-large-2512", "google/gemini-2.5-pro"];

    // 8,192 output tokens of the first two and 16,384 of the third at their list prices, and a long prompt.
    private static readonly double[] WorstUsd = [5e-4, 1.3e-2, 0.17];

    private static readonly Lazy<BanditRecording> Instance = new(() => new BanditRecording());

    private BanditRecording()
    {
        var (fitted, tested) = (Read(ValidationFile), Read(TestFile));
        var (validation, test) = (PacingRows.Matrix(fitted), PacingRows.Matrix(tested));
        int[] folds = [.. fitted.Queries.Select(query => (int)(StableMix.Unit(query.Text, "folds") * Folds))];
        var features = PromptFeatures.FitTo(fitted);
        Fit = BenefitRidge.Fit(features.Of(fitted), validation, folds) with { LeastBenefit = 0.005 };
        (Validation, Test) = (validation, test);
        var outOfFold = Fit.OutOfFold();
        var ratios = PacingRows.CostRatios(validation, outOfFold, 0.99);
        TestRows = new PacingRows(test, Fit.EstimateAll(features.Of(tested)), WorstUsd, ratios);
        FreeToSaveRows = new PacingRows(test, (Fit with { LeastBenefit = 0 }).EstimateAll(features.Of(tested)), WorstUsd, ratios);
        Schedule = PriceSchedule.OfDecisions(outOfFold, validation);
        Rest = RestReserve.Of(validation);
        double[] benefits = [.. Enumerable.Range(0, outOfFold.RowCount).Select(row => Spread(outOfFold.Quality(row))).Order()];
        QualityRange = benefits[(int)(0.9 * benefits.Length)];
    }

    public PriorMatrix Validation { get; }

    public PriorMatrix Test { get; }

    public BenefitRidge Fit { get; }

    public PacingRows TestRows { get; }

    /// <summary>The test rows with benefits as they are estimated, below 0 too.</summary>
    public PacingRows FreeToSaveRows { get; }

    public PriceSchedule Schedule { get; }

    public RestReserve Rest { get; }

    public double QualityRange { get; }

    public static BanditRecording Load()
    {
        RecordedData.SkipUnlessPresent(ValidationFile, TestFile);
        return Instance.Value;
    }

    public static (double[] Quality, double[] CostUsd) Means(PriorMatrix matrix)
    {
        var (quality, cost) = (new double[matrix.ModelCount], new double[matrix.ModelCount]);
        for (var row = 0; row < matrix.RowCount; row++)
        {
            for (var model = 0; model < matrix.ModelCount; model++)
            {
                quality[model] += matrix.Quality(row)[model] / matrix.RowCount;
                cost[model] += matrix.CostUsd(row)[model] / matrix.RowCount;
            }
        }

        return (quality, cost);
    }

    public static CostFrontier Hull(PriorMatrix matrix)
    {
        var (quality, cost) = Means(matrix);
        return CostFrontier.Of([.. quality.Select((u, model) => new FrontierPoint(cost[model], u, model))]);
    }

    /// <summary>What the best mix of models by the validation means delivers on the test rows.</summary>
    public double HullOnTest(double budget)
    {
        var mix = Hull(Validation).AtBudget(budget);
        var quality = Means(Test).Quality;
        return quality[mix.Lower.Policy] + (mix.UpperShare * (quality[mix.Upper.Policy] - quality[mix.Lower.Policy]));
    }

    public PacerParameters Parameters(double budget) => new()
    {
        BudgetUsd = budget * TestRows.RowCount,
        ExpectedRequests = TestRows.RowCount,
        QualityRange = QualityRange,
    };

    public PacingScenario Scenario(double budget, int seed) => new()
    {
        BudgetUsd = budget * TestRows.RowCount,
        Requests = TestRows.RowCount,
        Seed = (ulong)seed,
        StartPrice = Math.Min(Schedule.PriceAt(budget), double.MaxValue),
        CostDrift = new CostDrift(3_000, 500),
        Rest = Rest,
    };

    private static double Spread(ReadOnlySpan<double> quality)
    {
        var highest = quality[0];
        foreach (var q in quality)
        {
            highest = Math.Max(highest, q);
        }

        return highest - quality[0];
    }

    private static OutcomeTable Read(string file)
    {
        var builder = new OutcomeTableBuilder();
        var row = 0;
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(RecordedData.Directory!, file)), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var id = (row++).ToString(CultureInfo.InvariantCulture);
            builder.Describe(new OutcomeQuery { Id = id, Text = document.RootElement.GetProperty("prompt").GetString() }, []);
            foreach (var model in Models)
            {
                var arm = document.RootElement.GetProperty("arms").GetProperty(model);
                var (reward, cost) = (arm.GetProperty("reward").GetDouble(), arm.GetProperty("cost").GetDouble());
                Assert.Empty(builder.Add(new OutcomeRecord { QueryId = id, Model = model, Quality = reward, CostUsd = cost }));
            }
        }

        return builder.Build();
    }
}
