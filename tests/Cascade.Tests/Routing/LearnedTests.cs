using Cascade.Learning;
using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Cascade.Tests.Routing;

public sealed class LearnedTests
{
    private static readonly OutcomeTable Table = RoutingTables.TwoKinds(300, withTask: true);

    [Fact]
    public void Boosted_ExportedTrees_SayWhatTheLibrarySays()
    {
        var trainer = new BoostedTrainer { RowsPerLeaf = 5 };
        var (context, spec) = (BoostedTrainer.Context(3), trainer.Features.FitTo(Table));
        var data = new ExampleSet(context, Table, spec).Quality(1);
        var model = trainer.Classifier(context, 3).Fit(data);
        var exported = BoostedTrainer.Quality(model);
        exported.Require("exported", spec.Dimension);

        var own = Vectors(data).Select(x => exported.Evaluate(x)).ToArray();
        var theirs = model.Transform(data).GetColumn<float>("Probability").ToArray();

        Assert.True(exported.Feature.Length > 10, "there is hardly a split to compare");
        Assert.True(theirs.Distinct().Count() > 5, "the library says the same of everything");
        Assert.Equal(theirs.Select(p => (double)p), own, (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public void Boosted_ExportedCostTrees_SayWhatTheLibrarySays()
    {
        var trainer = new BoostedTrainer { RowsPerLeaf = 5 };
        var (context, spec) = (BoostedTrainer.Context(3), trainer.Features.FitTo(Table));
        var data = new ExampleSet(context, Table, spec).Cost(1, 0.01);
        var model = trainer.Regressor(context, 3).Fit(data);
        var exported = TreeExport.Of(model.Model.TrainedTreeEnsemble, LinkFunction.Identity);

        var theirs = model.Transform(data).GetColumn<float>("Score").ToArray();

        Assert.True(theirs.Distinct().Count() > 1, "the library says the same of everything");
        Assert.Equal(theirs.Select(p => (double)p), Vectors(data).Select(x => exported.Evaluate(x)), (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public void Lbfgs_ExportedLine_SaysWhatTheLibrarySays()
    {
        var trainer = new LbfgsTrainer();
        var (context, spec) = (BoostedTrainer.Context(3), trainer.Features.FitTo(Table));
        var examples = new ExampleSet(context, Table, spec);
        var (quality, cost) = (examples.Quality(0), examples.Cost(1, 0.01));
        var classifier = trainer.Classifier(context, Table.RowCount).Fit(quality);
        var regressor = trainer.Regressor(context, Table.RowCount).Fit(cost);

        var probabilities = classifier.Transform(quality).GetColumn<float>("Probability").ToArray();
        var scores = regressor.Transform(cost).GetColumn<float>("Score").ToArray();

        Assert.True(probabilities.Distinct().Count() > 5 && scores.Distinct().Count() > 5, "the library says the same of everything");
        Assert.Equal(
            probabilities.Select(p => (double)p), Vectors(quality).Select(x => Evaluate(LbfgsTrainer.Quality(classifier), x)), (a, b) => Math.Abs(a - b) <= 1e-6);
        Assert.Equal(scores.Select(p => (double)p), Vectors(cost).Select(x => Evaluate(LbfgsTrainer.Cost(regressor, 1), x)), (a, b) => Math.Abs(a - b) <= 1e-6);
    }

    [Fact]
    public void Lbfgs_SamePenalty_AgreesWithTheOwnSolver()
    {
        var theirs = new LbfgsTrainer { Penalty = 0.01, Shrinkage = ShrinkageRule.Off }.Train(Table, 1).EstimateAll(Table);
        var own = new LogisticTrainer { Penalties = [0.01], Shrinkage = ShrinkageRule.Off, Tolerance = 1e-7 }.Train(Table, 1).EstimateAll(Table);

        for (var row = 0; row < Table.RowCount; row++)
        {
            Assert.Equal(theirs.Quality(row)[0], own.Quality(row)[0], 0.005);
            Assert.Equal(theirs.CostUsd(row)[1], own.CostUsd(row)[1], 0.005 * 0.01);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_SameSeed_GivesTheSame(bool boosted)
    {
        IEstimatorTrainer trainer = boosted ? new BoostedTrainer { Trees = 10 } : new LbfgsTrainer();
        var (one, other) = (trainer.Train(Table, 7).EstimateAll(Table), trainer.Train(Table, 7).EstimateAll(Table));

        Assert.All(Enumerable.Range(0, Table.RowCount), row => Assert.Equal(one.Quality(row).ToArray(), other.Quality(row).ToArray()));
        Assert.All(Enumerable.Range(0, Table.RowCount), row => Assert.Equal(one.CostUsd(row).ToArray(), other.CostUsd(row).ToArray()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Train_NothingToTellApart_IsTheMeans(bool boosted)
    {
        var table = RoutingTables.Of(
            Enumerable.Range(0, 30).Select(i => (new OutcomeQuery { Id = $"q{i}", Text = $"text {i}" }, new[] { 1.0, 0.25 }, new[] { 0.0, 0.5 })), ["a", "b"]);
        IEstimatorTrainer trainer = boosted ? new BoostedTrainer() : new LbfgsTrainer();

        var priors = trainer.Train(table, 7).EstimateAll(table);

        Assert.Equal([1.0, 0.25], priors.Quality(4).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0.0, 0.5], priors.CostUsd(4).ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Boosted_Estimate_AllocatesNothing()
    {
        var compiled = new BoostedTrainer { Trees = 10 }.Train(Table, 7).Compile();
        var (quality, cost) = (new double[2], new double[2]);
        var facts = new QueryFacts { Text = "spell tiger", InputTokens = 3 };
        compiled.Estimate(facts, quality, cost);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            compiled.Estimate(facts, quality, cost);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Compile_TreeThatRunsInACircle_Throws()
    {
        var trained = (TreeEnsembleEstimator)((ShrunkEstimator)new BoostedTrainer { Trees = 10, RowsPerLeaf = 5 }.Train(Table, 7)).Inner;
        var bad = trained.Quality[0] with { Left = trained.Quality[0].Left.SetItem(0, 0) };

        Assert.Contains("Quality[0]", Assert.Throws<ArgumentException>((trained with { Quality = [bad, trained.Quality[1]] }).Compile).Message, StringComparison.Ordinal);
    }

    private static float[][] Vectors(IDataView data) => [.. data.GetColumn<VBuffer<float>>(nameof(Example.Features)).Select(v => v.DenseValues().ToArray())];

    private static double Evaluate(LinearHead head, float[] vector) => head.Finish(vector.Select((x, j) => (double)x * head.Weights[j]).Sum());
}
