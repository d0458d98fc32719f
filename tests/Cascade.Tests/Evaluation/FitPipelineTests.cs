using System.Collections.Immutable;
using System.Text.Json;
using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.TestKit.Planning;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class FitPipelineTests
{
    private static readonly OutcomeTable Table = new SyntheticOutcomes { Models = 4, Queries = 900 }.Build();

    private static readonly OutcomeSplit Split = OutcomeSplit.Of(Table, 0.4, 0.3, "t");

    private static readonly PipelineOptions Options = new() { Resamples = 200 };

    [Fact]
    public void Run_AnyParallelism_GivesTheSameResult()
    {
        ICascadeStrategy[] strategies = [new AllPairs(), new AllPairs("again"), Scripted.Guesses("guesses", 1, 100), Scripted.Wasteful];

        var results = new[] { 1, 2, 7 }.Select(p => Summary(Run(strategies, Options with { Parallelism = p }))).ToArray();

        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
        Assert.NotEqual(results[0], Summary(Run(strategies, Options with { Fit = new FitOptions { Seed = 43 } })));
    }

    [Fact]
    public void Run_StrategyThrowsOrIsUnfit_IsReportedAndStopsNoOther()
    {
        var run = Run(
            [
                new Scripted("throws", _ => throw new InvalidOperationException("no luck")),
                new Scripted("unfit", _ => []) { Reason = "lacks a signal; record one" },
                new Scripted("empty", _ => []),
                new Scripted("bad-policy", _ => [new Candidate(ChainSpec.Direct(99), 0)]),
                new AllPairs(),
            ],
            Options);

        Assert.Equal(
            [StrategyStatus.Fitted, StrategyStatus.Failed, StrategyStatus.Unfit, StrategyStatus.Failed, StrategyStatus.Failed, StrategyStatus.Fitted],
            run.Strategies.Select(s => s.Status));
        Assert.Equal("InvalidOperationException: no luck", run.Of("throws").Reason);
        Assert.Equal("lacks a signal; record one", run.Of("unfit").Reason);
        Assert.Contains("at least one candidate", run.Of("empty").Reason, StringComparison.Ordinal);
        Assert.Contains("99", run.Of("bad-policy").Reason, StringComparison.Ordinal);
        Assert.Contains("no luck", Assert.Throws<ArgumentException>(() => run.Compare("auto", "throws")).Message, StringComparison.Ordinal);
        Assert.Contains("nobody", Assert.Throws<ArgumentException>(() => run.Of("nobody")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RowsToReportOnScrambled_ChoosesTheSame()
    {
        var worse = Rebuild((row, record) => Split.Report.Contains(row) ? record with { Quality = 1 - record.Quality, CostUsd = 3 * record.CostUsd } : record);

        var (one, other) = (Run([new AllPairs()], Options), Run(worse, Split, [new AllPairs()]));

        Assert.Equal(Json(one.Auto), Json(other.Auto));
        Assert.Equal(one.Strategies.Select(s => Json(s.Frontier!.Vertices)), other.Strategies.Select(s => Json(s.Frontier!.Vertices)));
        Assert.Equal(one.BudgetsUsd, other.BudgetsUsd);
        Assert.NotEqual(one.Of("all-pairs").Report!.Auc, other.Of("all-pairs").Report!.Auc);
    }

    [Fact]
    public void Run_SomeOutcomesMissing_LeavesTheirRowsOutAndSaysHowMany()
    {
        var holes = Rebuild((row, record) => row % 10 == 0 && record.Model == "model-2" ? null : record);

        var run = Run(holes, Split, [new AllPairs()]);

        Assert.Equal(90, run.Outcomes.LeftOut);
        Assert.Equal(810, run.Outcomes.Fit.RowCount + run.Outcomes.Choose.RowCount + run.Outcomes.Report.RowCount);
    }

    [Fact]
    public void Run_ModelsInAnyOrder_AreSortedByCostThenQuality()
    {
        var shuffled = Table.Select([2, 0, 3, 1], [.. Enumerable.Range(0, Table.RowCount)]);

        var run = Run(shuffled, Split, []);

        Assert.Equal(["model-0", "model-1", "model-2", "model-3"], run.Context.Models.Select(m => m.Name));
        Assert.Equal([1, 3, 0, 2], run.Outcomes.Models);
        Assert.Equal("single-model", Assert.Single(run.Strategies).Strategy);
        Assert.Equal("single-model", run.Auto.Chosen);
    }

    [Theory]
    [InlineData(0, "to fit on")]
    [InlineData(1, "to choose on")]
    [InlineData(2, "to report on")]
    public void Run_EmptyPart_SaysWhich(int part, string expected)
    {
        var parts = new[] { Split.Fit, Split.Choose, Split.Report };
        parts[part] = [];

        var error = Assert.Throws<ArgumentException>(() => Run(Table, new OutcomeSplit(parts[0], parts[1], parts[2]), []));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_RowInTwoParts_SaysSo() => Assert.Contains(
        "names a row twice",
        Assert.Throws<ArgumentException>(() => Run(Table, new OutcomeSplit([0, 1], [1, 2], [3, 4]), [])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Run_SeveralOptionsWrong_NamesAllAtOnce()
    {
        var error = Assert.Throws<ArgumentException>(() => Run([], new PipelineOptions
        {
            Resamples = 1, Confidence = 2, Parallelism = 0, GiveUpSimplerLevel = 0.7, DefaultBudgets = 0, FewestChooseRows = 1, BudgetsUsd = [-1],
            Fit = new FitOptions { MaxCandidates = 5, MaxChainLength = 0, PriceGridSize = 1 },
        }));

        Assert.Contains("Fit.MaxCandidates is 5; give at least 6", error.Message, StringComparison.Ordinal);
        Assert.All(
            ["Fit.MaxChainLength", "Fit.PriceGridSize", "budget", "Resamples", "Confidence", "Parallelism", "GiveUpSimplerLevel", "DefaultBudgets", "FewestChooseRows"],
            name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("all-pairs")]
    [InlineData("auto")]
    public void Run_NameTwiceOrReserved_SaysSo(string name) =>
        Assert.Throws<ArgumentException>(() => Run([new AllPairs(), new AllPairs(name)], Options));

    [Fact]
    public void Run_Cancelled_StopsAsCancelled()
    {
        using var source = new CancellationTokenSource();
        var strategy = new Scripted("cancels", c =>
        {
            source.Cancel();
            return [.. Enumerable.Repeat(new Candidate(ChainSpec.Direct(0), 0), 100)];
        });

        Assert.ThrowsAny<OperationCanceledException>(() => FitPipeline.Run(Table, Split, [strategy], Options, cancellationToken: source.Token));
    }

    [Fact]
    public void Run_Progress_CountsEveryStrategyOnce()
    {
        var seen = new Recorder();

        FitPipeline.Run(Table, Split, [new AllPairs(), Scripted.Wasteful], Options, seen, TestContext.Current.CancellationToken);

        Assert.Equal([FitStage.Scores, FitStage.Strategies, FitStage.Choice, FitStage.Report], seen.All.Select(p => p.Stage).Distinct());
        Assert.Equal(
            ["all-pairs", "single-model", "wasteful"],
            seen.All.Where(p => p is { Stage: FitStage.Strategies, Strategy: not null }).Select(p => p.Strategy).Order());
        Assert.Contains(seen.All, p => p is { Stage: FitStage.Report, Done: 3, Total: 3 });
    }

    [Fact]
    public void Run_BudgetsAskedFor_AreReportedInOrderWithTheTarget()
    {
        var run = Run([new AllPairs()], Options with { BudgetsUsd = [4e-5, 1e-5], TargetBudgetUsd = 2e-5 });

        Assert.Equal([1e-5, 2e-5, 4e-5], run.BudgetsUsd);
        Assert.Equal([2e-5], run.Auto.BudgetsUsd);
        Assert.All(run.Of("all-pairs").Report!.Budgets, b => Assert.InRange(b.RealisedShare, 0.7, 1.4));
    }

    [Fact]
    public void Run_BudgetReports_FollowTheFrontierThatWasChosen()
    {
        var run = Run([new AllPairs()], Options).Of("all-pairs");

        foreach (var budget in run.Report!.Budgets)
        {
            var choice = run.Frontier!.AtBudget(budget.BudgetUsd);
            Assert.Equal(choice.Lower.Policy, run.Report.Points[budget.LowerPoint].Candidate);
            Assert.Equal(choice.UpperShare, budget.UpperShare);
            Assert.InRange(budget.Quality, budget.QualityInterval.Low, budget.QualityInterval.High);
            Assert.InRange(budget.CostUsd, budget.CostInterval.Low, budget.CostInterval.High);
        }
    }

    private static FitRun Run(IReadOnlyList<ICascadeStrategy> strategies, PipelineOptions options) =>
        FitPipeline.Run(Table, Split, strategies, options, cancellationToken: TestContext.Current.CancellationToken);

    private static FitRun Run(OutcomeTable table, OutcomeSplit split, IReadOnlyList<ICascadeStrategy> strategies) =>
        FitPipeline.Run(table, split, strategies, Options, cancellationToken: TestContext.Current.CancellationToken);

    private static string Summary(FitRun run) => Json(new
    {
        run.Auto, run.References, run.Scores, Reports = run.Strategies.Select(s => s.Report), run.BudgetsUsd, Pair = run.Compare("auto", "single-model"),
    });

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, JsonNumbers.Options);

    private static OutcomeTable Rebuild(Func<int, OutcomeRecord, OutcomeRecord?> change)
    {
        var builder = new OutcomeTableBuilder();
        for (var row = 0; row < Table.RowCount; row++)
        {
            builder.Describe(Table.Queries[row], []);
            for (var m = 0; m < Table.ModelCount; m++)
            {
                var record = new OutcomeRecord
                {
                    QueryId = Table.Queries[row].Id, Model = Table.Models[m], Quality = Table.Quality(m)[row], CostUsd = Table.CostUsd(m)[row],
                    Signals = [.. Table.Signals.Select((name, s) => KeyValuePair.Create(name, Table.Signal(m, s)[row]))],
                };
                if (change(row, record) is { } changed)
                {
                    Assert.Empty(builder.Add(changed));
                }
            }
        }

        return builder.Build();
    }

    private sealed class Recorder : IProgress<FitProgress>
    {
        private readonly List<FitProgress> _all = [];

        public ImmutableArray<FitProgress> All => [.. _all];

        public void Report(FitProgress value)
        {
            lock (_all)
            {
                _all.Add(value);
            }
        }
    }
}
