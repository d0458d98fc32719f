using System.Collections.Immutable;
using System.Globalization;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Scoring;

namespace Cascade.Tests.Planning.CascadeRouting;

/// <summary>
/// Made-up outcomes under the noise protocol of the cascade routing paper: before a model runs its quality is known up to normal noise of one size
/// (a feature per model), afterwards up to less noise (the signal <c>seen</c>).
/// </summary>
internal static class NoisyOutcomes
{
    internal static OutcomeTable Table(int models, int queries, double before, double after, int seed, double judgeUsd = 0)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var builder = new OutcomeTableBuilder();
        for (var q = 0; q < queries; q++)
        {
            var difficulty = Normal();
            var features = new List<KeyValuePair<string, double>>();
            for (var m = 0; m < models; m++)
            {
                var quality = Normal() + (0.35 * m) - (1.5 * difficulty) - 0.5 > 0 ? 1 : 0;
                features.Add(new($"before-{m}", quality + (before * Normal())));
                Assert(builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{q}",
                    Model = $"m{m}",
                    Quality = quality,
                    CostUsd = 1e-4 * Math.Pow(2, m) * (0.5 + random.NextDouble()),
                    JudgeCostUsd = judgeUsd,
                    Signals = [new("seen", quality + (after * Normal()))],
                }));
            }

            Assert(builder.Describe(new OutcomeQuery { Id = $"q{q}" }, features));
        }

        return builder.Build();
    }

    internal static FitContext Context(OutcomeTable table, FitOptions? options = null)
    {
        var seen = Enumerable.Repeat<ScoreModel?>(new Seen(), table.ModelCount).ToImmutableArray();
        return new FitContext
        {
            Outcomes = table,
            ScoreModels = seen,
            Scores = ScoreMatrix.Of(table, seen),
            Models =
            [
                .. Enumerable.Range(0, table.ModelCount).Select(m => new ModelProfile
                {
                    Name = table.Models[m],
                    Quality = table.Quality(m).ToArray().Average(),
                    CostUsd = table.CostUsd(m).ToArray().Average(),
                }),
            ],
            Options = options ?? new FitOptions(),
        };
    }

    private static void Assert(ImmutableArray<OutcomeProblem> problems) => Xunit.Assert.Empty(problems);

    internal sealed record Seen : ScoreModel
    {
        public override ImmutableArray<string> Inputs => ["seen"];

        public override double Apply(ReadOnlySpan<double> signals) => signals[0];
    }

    /// <summary>A linear regression of each model's quality on what was known of it before.</summary>
    internal sealed class BeforeTrainer : IEstimatorTrainer
    {
        public string Name => "before";

        public Estimator Train(OutcomeTable table, ulong seed)
        {
            var k = table.ModelCount;
            var (slopes, intercepts, costs) = (new double[k], new double[k], new double[k]);
            for (var m = 0; m < k; m++)
            {
                var x = table.Feature(table.Features.IndexOf(string.Create(CultureInfo.InvariantCulture, $"before-{m}"))).ToArray();
                var y = table.Quality(m).ToArray();
                var (mx, my) = (x.Average(), y.Average());
                slopes[m] = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum() / x.Sum(a => (a - mx) * (a - mx));
                intercepts[m] = my - (slopes[m] * mx);
                costs[m] = table.CostUsd(m).ToArray().Average();
            }

            return new BeforeEstimator { Slopes = [.. slopes], Intercepts = [.. intercepts], CostUsd = [.. costs] };
        }
    }

    internal sealed record BeforeEstimator : Estimator, IQueryEstimator
    {
        public required ImmutableArray<double> Slopes { get; init; }

        public required ImmutableArray<double> Intercepts { get; init; }

        public required ImmutableArray<double> CostUsd { get; init; }

        public override int ModelCount => CostUsd.Length;

        public override QueryReads Reads => QueryReads.Nothing;

        public override IQueryEstimator Compile() => this;

        public void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd)
        {
            for (var m = 0; m < quality.Length; m++)
            {
                quality[m] = Math.Clamp(Intercepts[m] + (Slopes[m] * query.Features[m]), 0, 1);
                costUsd[m] = CostUsd[m];
            }
        }
    }
}
