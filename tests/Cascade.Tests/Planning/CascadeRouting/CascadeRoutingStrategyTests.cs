using System.Text.Json;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Xunit;

namespace Cascade.Tests.Planning.CascadeRouting;

public sealed class CascadeRoutingStrategyTests(ITestOutputHelper output)
{
    private static readonly NoisyOutcomes.BeforeTrainer Trainer = new();

    [Theory]
    [InlineData(3, 0.6, 0.3)]
    [InlineData(5, 0.6, 0.3)]
    [InlineData(5, 1.6, 0.8)]
    public void Fit_NoiseProtocol_CascadeRoutingBeatsRoutingAndCascading(int models, double before, double after)
    {
        var fit = NoisyOutcomes.Context(NoisyOutcomes.Table(models, 600, before, after, seed: 1), new FitOptions { PriceGridSize = 14 });
        var fresh = NoisyOutcomes.Table(models, 1_500, before, after, seed: 2);
        var direct = Area(new DirectModels(), fit, fresh);
        var routing = Area(new CascadeRoutingStrategy(Trainer) { MaxCalls = 1 }, fit, fresh);
        var cascading = Area(new OptimalCascadeStrategy(Trainer), fit, fresh);
        var both = Area(new CascadeRoutingStrategy(Trainer), fit, fresh);
        var greedy = Area(new CascadeRoutingStrategy(Trainer) { Greedy = true }, fit, fresh);
        output.WriteLine($"direct {direct:P2}, routing {routing:P2}, cascading {cascading:P2}, cascade routing {both:P2}, greedy {greedy:P2}");

        Assert.True(direct < routing && routing < both, "cascade routing also sees answers");
        Assert.True(cascading < both + 0.002, "cascade routing also chooses the order");
        Assert.True(greedy < both + 0.004, "looking further ahead does not hurt");
    }

    [Fact]
    public void Fit_ScoresWithoutMeaning_AreNotRead()
    {
        var context = NoisyOutcomes.Context(NoisyOutcomes.Table(3, 400, 0.6, 1e6, seed: 4));
        var fitted = new CascadeRoutingStrategy(Trainer).Fit(context);
        var policy = fitted.Candidates[0].Policy.Compile(context.Models);
        Assert.All(Enumerable.Range(0, 3), m => Assert.False(policy.ReadsScoreOf(m)));
    }

    [Fact]
    public void Fit_ScoresThatCostMoreThanTheyTell_LeaveModelsThatNobodyJudges()
    {
        var context = NoisyOutcomes.Context(NoisyOutcomes.Table(3, 300, 0.6, 0.3, seed: 6, judgeUsd: 0.01), new FitOptions { PriceGridSize = 8 });
        foreach (ICascadeStrategy strategy in new ICascadeStrategy[] { new CascadeRoutingStrategy(), new CascadeRoutingStrategy(Trainer), new OptimalCascadeStrategy() })
        {
            var fitted = strategy.Fit(context);
            var evidence = Evidence.For(fitted, context.Outcomes);
            var cheapest = fitted.Candidates.Min(c => PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence, c.Price).MeanCostUsd);
            Assert.Equal(context.Models[0].CostUsd, cheapest, 1e-9);
            Assert.Contains(fitted.Candidates, c => Enumerable.Range(0, 3).All(c.Policy.Compile(context.Models).ReadsScoreOf));
        }
    }

    [Fact]
    public void Fit_Prices_SpreadTheCandidatesOverCost()
    {
        var context = NoisyOutcomes.Context(NoisyOutcomes.Table(4, 600, 0.6, 0.3, seed: 5), new FitOptions { PriceGridSize = 16 });
        var fitted = new CascadeRoutingStrategy().Fit(context);
        var evidence = Evidence.For(fitted, context.Outcomes);
        double[] costs = [.. fitted.Candidates.Select(c => PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence, c.Price).MeanCostUsd).Order()];
        Assert.Equal(16, costs.Length);
        Assert.True(costs[^1] > 4 * costs[0]);
        Assert.All(costs.Zip(costs.Skip(1)), pair => Assert.True(pair.Second < 1.6 * pair.First, string.Join(", ", costs)));
    }

    [Fact]
    public void Fit_TooLittleToLearnFrom_SaysSo()
    {
        var few = NoisyOutcomes.Context(NoisyOutcomes.Table(3, 10, 1, 1, seed: 1));
        var one = NoisyOutcomes.Context(NoisyOutcomes.Table(1, 100, 1, 1, seed: 1));
        var blind = NoisyOutcomes.Context(NoisyOutcomes.Table(3, 100, 1, 1, seed: 1)) with { ScoreModels = [null, null, null] };
        Assert.Contains("at least 30", new CascadeRoutingStrategy().Unfit(few), StringComparison.Ordinal);
        Assert.Contains("at least two", new OptimalCascadeStrategy().Unfit(one), StringComparison.Ordinal);
        Assert.Contains("record a confidence signal", new CascadeRoutingStrategy().Unfit(blind), StringComparison.Ordinal);
        Assert.Null(new CascadeRoutingStrategy(Trainer).Unfit(blind));
        Assert.Throws<ArgumentException>(() => new OptimalCascadeStrategy().Fit(blind));
    }

    [Fact]
    public void Fit_SameContext_IsTheSameData()
    {
        var context = NoisyOutcomes.Context(NoisyOutcomes.Table(4, 200, 0.6, 0.3, seed: 3), new FitOptions { PriceGridSize = 6 });
        Assert.Equal(Text(new CascadeRoutingStrategy(Trainer).Fit(context)), Text(new CascadeRoutingStrategy(Trainer).Fit(context)));

        static string Text(FittedStrategy fitted) =>
            JsonSerializer.Serialize(fitted.Candidates.Select(c => new { Policy = (object)c.Policy, c.Price }));
    }

    [Fact]
    public void Spec_AsJson_ComesBackDecidingTheSame()
    {
        var models = EvidenceModels.Profiles((0.5, 0.1), (0.7, 0.2), (0.9, 0.3));
        var spec = new CascadeRoutingSpec { Models = [0, 1, 2], Evidence = EvidenceModels.Correlated(3, 5), MaxCalls = 2 };
        var back = JsonSerializer.Deserialize<CascadeRoutingSpec>(JsonSerializer.Serialize(spec))!;
        var state = new[] { new Cascade.Planning.Decisions.ModelOutcome(Cascade.Planning.Decisions.OutcomeKind.Answered, 0.3), default, default };
        Assert.Equal(spec.Compile(models).Decide(0.1, state), back.Compile(models).Decide(0.1, state));
        Assert.Equal((spec.MaxCalls, spec.SamplePoints), (back.MaxCalls, back.SamplePoints));
    }

    [Fact]
    public void Fit_MoreModelsThanCanBeWeighed_KeepsTheNonDominatedOnes()
    {
        var context = NoisyOutcomes.Context(NoisyOutcomes.Table(14, 120, 1, 0.5, seed: 8), new FitOptions { PriceGridSize = 4 });
        var spec = (CascadeRoutingSpec)new CascadeRoutingStrategy().Fit(context).Candidates[0].Policy;
        Assert.Equal(CascadeRoutingStrategy.MaxPool, spec.Models.Length);
        FrontierPoint[] points = [.. context.Models.Select((m, i) => new FrontierPoint(m.CostUsd, m.Quality, i))];
        Assert.True(CostFrontier.Pareto(points).Length > CascadeRoutingStrategy.MaxPool || CostFrontier.Pareto(points).All(p => spec.Models.Contains(p.Policy)));
    }

    [Fact]
    public void Fit_DegenerateOutcomes_GivesPoliciesThatEnd()
    {
        foreach (var score in new[] { 0.5, double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            foreach (var quality in new[] { 0.0, 0.5, 1.0 })
            {
                var context = NoisyOutcomes.Context(Constant(quality, score), new FitOptions { PriceGridSize = 4 });
                foreach (ICascadeStrategy strategy in new ICascadeStrategy[] { new CascadeRoutingStrategy(), new OptimalCascadeStrategy() })
                {
                    var fitted = strategy.Fit(context);
                    var evidence = Evidence.For(fitted, context.Outcomes);
                    Assert.All(fitted.Candidates, c => Assert.Equal(
                        quality, PolicyEvaluator.Run(c.Policy.Compile(context.Models), evidence, c.Price).MeanQuality, 1e-12));
                }
            }
        }
    }

    private static OutcomeTable Constant(double quality, double score)
    {
        var builder = new OutcomeTableBuilder();
        for (var q = 0; q < 40; q++)
        {
            for (var m = 0; m < 3; m++)
            {
                Assert.Empty(builder.Add(new OutcomeRecord
                {
                    QueryId = $"q{q}",
                    Model = $"m{m}",
                    Quality = quality,
                    CostUsd = m * 0.1,
                    Signals = [new("seen", score)],
                }));
            }
        }

        return builder.Build();
    }

    private static double Area(ICascadeStrategy strategy, FitContext fit, OutcomeTable fresh)
    {
        var fitted = strategy.Fit(fit);
        var evidence = Evidence.For(fitted, fresh);
        var points = fitted.Candidates.Select(c =>
        {
            var result = PolicyEvaluator.Run(c.Policy.Compile(fit.Models), evidence, c.Price);
            return new FrontierPoint(result.MeanCostUsd, result.MeanQuality, 0);
        }).ToArray();
        var (low, high) = (fit.Models[0].CostUsd, fit.Models[^1].CostUsd);
        var hull = CostFrontier.Of(points);
        return Enumerable.Range(0, 200).Average(i => hull.AtBudget(low + ((high - low) * (i + 0.5) / 200)).Quality);
    }
}
