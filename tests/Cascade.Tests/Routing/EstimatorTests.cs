using System.Text.Json;
using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using Cascade.Planning.Outcomes;
using Xunit;

namespace Cascade.Tests.Routing;

public sealed class EstimatorTests
{
    private static readonly OutcomeTable Table = RoutingTables.TwoKinds(60, withTask: true);
    private static readonly FeatureSpec Small = new() { Buckets = 256 };

    public static TheoryData<string> Trainers => ["mean", "task-mean", "knn", "logistic"];

    [Fact]
    public void PerTaskMean_TwoTasks_AreDrawnToTheMeanByTheirRows()
    {
        var table = RoutingTables.Of(
            [
                (new OutcomeQuery { Id = "a", Task = "x" }, [1], [2]), (new OutcomeQuery { Id = "b", Task = "x" }, [1], [4]),
                (new OutcomeQuery { Id = "c", Task = "y" }, [0], [6]), (new OutcomeQuery { Id = "d" }, [0], [0]),
            ],
            ["m"]);

        var trained = new PerTaskMeanTrainer { PriorRows = 2, Shrinkage = ShrinkageRule.Off }.Train(table, 1);

        Assert.Equal((0.75, 3.0), Estimate(trained, new QueryFacts { Task = "x" }));
        Assert.Equal(0.5 * 2 / 3, Estimate(trained, new QueryFacts { Task = "y" }).Quality, 1e-9);
        Assert.Equal(3 + (3.0 / 3), Estimate(trained, new QueryFacts { Task = "y" }).CostUsd, 1e-9);
        Assert.Equal((0.5, 3.0), Estimate(trained, new QueryFacts { Task = "z" }));
        Assert.Equal((0.5, 3.0), Estimate(trained, default));
    }

    [Theory]
    [InlineData(ShrinkageRule.Slope, 1, 1)]
    [InlineData(ShrinkageRule.Slope, 2, 0.5)]
    [InlineData(ShrinkageRule.Slope, 0.5, 1)]
    [InlineData(ShrinkageRule.Slope, -1, 0)]
    [InlineData(ShrinkageRule.Slope, 0, 0)]
    [InlineData(ShrinkageRule.RSquared, 1, 1)]
    [InlineData(ShrinkageRule.RSquared, 0.5, 0.75)]
    [InlineData(ShrinkageRule.RSquared, 0, 0)]
    [InlineData(ShrinkageRule.RSquared, 3, 0)]
    [InlineData(ShrinkageRule.Off, -1, 1)]
    public void Share_PredictionStretchedBy_IsTheOneThatUndoesIt(ShrinkageRule rule, double factor, double share)
    {
        double[] truth = [0, 0.2, 0.4, 0.6, 0.8, 1];

        Assert.Equal(share, Shrinkage.Share(rule, truth, [.. truth.Select(y => 0.5 + (factor * (y - 0.5)))]), 1e-9);
    }

    [Fact]
    public void Share_PredictionOfNoise_IsSmall()
    {
        double[] truth = [.. Enumerable.Range(0, 400).Select(i => (double)(i % 2))];
        double[] noise = [.. Enumerable.Range(0, 400).Select(i => (i * 7919 % 101) / 101.0)];

        Assert.InRange(Shrinkage.Share(ShrinkageRule.Slope, truth, noise), 0, 0.05);
        Assert.InRange(Shrinkage.Share(ShrinkageRule.RSquared, truth, noise), 0, 0.01);
    }

    [Fact]
    public void Shrunk_HalfShare_IsHalfWay()
    {
        var means = new ModelMeans { Quality = [0.5], CostUsd = [2] };
        var shrunk = new ShrunkEstimator
        {
            Inner = new MeanEstimator { Means = new ModelMeans { Quality = [0.9], CostUsd = [6] } }, Means = means, QualityShares = [0.5], CostShares = [0.25],
        };

        var (quality, cost) = Estimate(shrunk, default);

        Assert.Equal(0.7, quality, 1e-9);
        Assert.Equal(3, cost, 1e-9);
    }

    [Fact]
    public void Knn_NeighboursNotRising_NamesTheFirst() => Assert.Contains(
        "Neighbours[1] is 2 after 8",
        Assert.Throws<ArgumentException>(() => new KnnTrainer { Features = Small, Neighbours = [8, 2, 4] }.Train(Table, 1)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Knn_OneNeighbour_FindsItselfAndItsOutcome()
    {
        var trained = new KnnTrainer { Features = Small, Neighbours = [1], Shrinkage = ShrinkageRule.Off }.Train(Table, 1);
        var priors = trained.EstimateAll(Table);

        for (var row = 0; row < Table.RowCount; row++)
        {
            Assert.Equal((Table.Quality(0)[row], Table.CostUsd(1)[row]), (priors.Quality(row)[0], priors.CostUsd(row)[1]));
        }
    }

    [Fact]
    public void Knn_SeveralNeighbours_AreTheOnesThatBruteForceFinds()
    {
        var knn = (KnnEstimator)((ShrunkEstimator)new KnnTrainer { Features = Small, Neighbours = [7], Shrinkage = ShrinkageRule.Off }.Train(Table, 1)).Inner;
        var rows = FeatureRows.Of(knn.Features, Table);
        var query = FeatureRows.Of(knn.Features, RoutingTables.Of([(new OutcomeQuery { Id = "new", Text = "spell the product of river" }, [1], [1])], ["m"]));
        var nearest = new int[7];

        var found = new NeighbourSearch(new HashedTextFeatures(knn.Features), knn).Nearest(query.Indexes(0), query.Values(0), nearest);

        var similarities = Enumerable.Range(0, Table.RowCount).Select(row => Cosine(rows, row, query)).ToArray();
        Assert.Equal(7, found);
        Assert.Equal(similarities.OrderDescending().Take(7), nearest.Select(row => similarities[row]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Knn_MoreRowsThanTheLimit_KeepsSome()
    {
        var knn = (KnnEstimator)((ShrunkEstimator)new KnnTrainer { Features = Small, MaxRows = 10 }.Train(Table, 1)).Inner;

        Assert.Equal(11, knn.Starts.Length);
    }

    [Theory, MemberData(nameof(Trainers))]
    public void Estimate_NothingKnown_IsTheMeans(string name)
    {
        var estimator = Trainer(name).Train(Table, 1);
        var (quality, cost) = (new double[2], new double[2]);

        estimator.Compile().Estimate(new QueryFacts { InputTokens = double.NaN, Task = "unheard of" }, quality, cost);

        var means = ModelMeans.Of(Table);
        Assert.Equal(means.Quality, quality);
        Assert.Equal(means.CostUsd, cost);
    }

    [Theory, MemberData(nameof(Trainers))]
    public void Estimate_Anything_IsWithinItsRange(string name)
    {
        var compiled = Trainer(name).Train(Table, 1).Compile();
        var (quality, cost) = (new double[2], new double[2]);
        foreach (var text in new[] { "", "\ud800", "compute", new string('9', 20_000), "spell {}[]();" })
        {
            compiled.Estimate(new QueryFacts { Text = text, InputTokens = 1e12, Features = [double.NaN, 5] }, quality, cost);

            Assert.All(quality, q => Assert.InRange(q, 0, 1));
            Assert.All(cost, c => Assert.InRange(c, 0, 1e6));
        }
    }

    [Theory, MemberData(nameof(Trainers))]
    public void Train_SameSeed_GivesTheSame(string name)
    {
        var (one, other) = (Trainer(name).Train(Table, 7).EstimateAll(Table), Trainer(name).Train(Table, 7).EstimateAll(Table));

        Assert.All(Enumerable.Range(0, Table.RowCount), row => Assert.Equal(one.Quality(row).ToArray(), other.Quality(row).ToArray()));
    }

    [Theory, MemberData(nameof(Trainers))]
    public void Train_OneRow_Works(string name)
    {
        var table = RoutingTables.TwoKinds(1, withTask: true);

        var fitted = CrossFit.Train(Trainer(name), table, 1);

        Assert.Equal(0, fitted.OutOfFold.Quality(0)[0] - ModelMeans.Of(table).Quality[0], 1e-9);
        Assert.Equal(1, fitted.OutOfFold.RowCount);
    }

    [Theory, MemberData(nameof(Trainers))]
    public void Estimate_WarmPool_AllocatesNothing(string name)
    {
        var compiled = Trainer(name).Train(Table, 1).Compile();
        var facts = new QueryFacts { Text = "compute the product of 3 and 4", Task = "sums", InputTokens = 9 };
        var (quality, cost) = (new double[2], new double[2]);
        compiled.Estimate(facts, quality, cost);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            compiled.Estimate(facts, quality, cost);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory, MemberData(nameof(Trainers))]
    public void OutOfFold_OwnOutcomeTurnedAround_DoesNotMoveTheRawEstimate(string name)
    {
        var turned = RoutingTables.Of(
            Enumerable.Range(0, Table.RowCount).Select(row => (
                Table.Queries[row], new[] { row == 3 ? 1 - Table.Quality(0)[row] : Table.Quality(0)[row], Table.Quality(1)[row] },
                new[] { Table.CostUsd(0)[row], Table.CostUsd(1)[row] })),
            ["cheap", "strong"]);

        var (before, after) = (OutOfFold(name, Table), OutOfFold(name, turned));

        Assert.Equal(before.Quality(3)[0], after.Quality(3)[0], 1e-9);
        Assert.Contains(Enumerable.Range(0, Table.RowCount), row => Math.Abs(before.Quality(row)[0] - after.Quality(row)[0]) > 1e-9);
    }

    [Fact]
    public void CrossFit_SameTrainerTableAndSeed_TrainsOnce()
    {
        var trainer = new CountingTrainer();

        var first = CrossFit.Train(trainer, Table, 1);
        var again = CrossFit.Train(trainer, Table, 1);

        Assert.Same(first, again);
        Assert.Equal(1 + CrossFit.Folds, trainer.Trainings);
        CrossFit.Train(trainer, Table, 2);
        CrossFit.Train(trainer, RoutingTables.TwoKinds(60, withTask: true), 1);
        Assert.Equal(3 * (1 + CrossFit.Folds), trainer.Trainings);
    }

    [Fact]
    public void FoldOf_CopiesOfAQuestion_StayTogether()
    {
        var table = RoutingTables.Of(
            Enumerable.Range(0, 40).Select(i => (new OutcomeQuery { Id = $"q{i}", Text = $"question {i / 2}" }, new[] { 1.0 }, new[] { 1.0 })), ["m"]);

        var fold = CrossFit.FoldOf(table, 1);

        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(fold[2 * i], fold[(2 * i) + 1]));
        Assert.Equal(CrossFit.Folds, fold.Distinct().Count());
        Assert.NotEqual(fold, CrossFit.FoldOf(table, 2));
    }

    [Fact]
    public void Json_EveryKindOfData_SaysTheSameWhenReadAgain()
    {
        AssertRoundTrip((KnnEstimator)Raw("knn"));
        AssertRoundTrip((LinearEstimator)Raw("logistic"));
        AssertRoundTrip((PerTaskMeanEstimator)Raw("task-mean"));
    }

    [Fact]
    public void Compile_DataThatDoesNotFit_NamesIt()
    {
        var linear = (LinearEstimator)Raw("logistic");
        var knn = (KnnEstimator)Raw("knn");

        Assert.Contains("Quality[0]", Message(linear with { Quality = [linear.Quality[0] with { Weights = [1] }, linear.Quality[1]] }), StringComparison.Ordinal);
        Assert.Contains("CostUsd has 0 heads", Message(linear with { CostUsd = [] }), StringComparison.Ordinal);
        Assert.Contains("at least 1 neighbour", Message(knn with { Neighbours = 0 }), StringComparison.Ordinal);
        Assert.Contains("Means.Quality[0] is 2", Message(new MeanEstimator { Means = new ModelMeans { Quality = [2], CostUsd = [1] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_CostUnknown_NamesTheModel()
    {
        var builder = new OutcomeTableBuilder();
        builder.Add(new OutcomeRecord { QueryId = "q", Model = "m", Quality = 1 });

        Assert.Contains("the cost of 'm'", Assert.Throws<ArgumentException>(() => new LogisticTrainer().Train(builder.Build(), 1)).Message, StringComparison.Ordinal);
    }

    private static IEstimatorTrainer Trainer(string name) => name switch
    {
        "mean" => new MeanTrainer(),
        "task-mean" => new PerTaskMeanTrainer { Shrinkage = ShrinkageRule.Off },
        "knn" => new KnnTrainer { Features = Small, Shrinkage = ShrinkageRule.Off, Neighbours = [5] },
        _ => new LogisticTrainer { Features = Small, Shrinkage = ShrinkageRule.Off, Penalties = [0.01] },
    };

    private static PriorMatrix OutOfFold(string name, OutcomeTable table) => CrossFit.Train(Trainer(name), table, 1).OutOfFold;

    private static Estimator Raw(string name) => ((ShrunkEstimator)Trainer(name).Train(Table, 1)).Inner;

    private static string Message(Estimator estimator) => Assert.Throws<ArgumentException>(estimator.Compile).Message;

    private static void AssertRoundTrip<T>(T estimator)
        where T : Estimator
    {
        var back = JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(estimator))!;
        var (one, other) = (estimator.EstimateAll(Table), back.EstimateAll(Table));
        Assert.All(Enumerable.Range(0, Table.RowCount), row => Assert.Equal(one.Quality(row).ToArray(), other.Quality(row).ToArray()));
        Assert.All(Enumerable.Range(0, Table.RowCount), row => Assert.Equal(one.CostUsd(row).ToArray(), other.CostUsd(row).ToArray()));
    }

    private static (double Quality, double CostUsd) Estimate(Estimator estimator, QueryFacts facts)
    {
        var (quality, cost) = (new double[1], new double[1]);
        estimator.Compile().Estimate(facts, quality, cost);
        return (quality[0], cost[0]);
    }

    private static double Cosine(FeatureRows rows, int row, FeatureRows query)
    {
        var vector = new double[rows.Dimension];
        var (own, product) = (0.0, 0.0);
        for (var e = 0; e < query.Indexes(0).Length; e++)
        {
            vector[query.Indexes(0)[e]] = query.Values(0)[e];
        }

        for (var e = 0; e < rows.Indexes(row).Length; e++)
        {
            product += vector[rows.Indexes(row)[e]] * rows.Values(row)[e];
            own += rows.Values(row)[e] * rows.Values(row)[e];
        }

        return product / Math.Sqrt(own);
    }

    private sealed class CountingTrainer : IEstimatorTrainer
    {
        public string Name => "counting";

        public int Trainings { get; private set; }

        public Estimator Train(OutcomeTable table, ulong seed)
        {
            Trainings++;
            return new MeanTrainer().Train(table, seed);
        }
    }
}
