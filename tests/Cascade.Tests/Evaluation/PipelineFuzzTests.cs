using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class PipelineFuzzTests
{
    private static readonly PipelineOptions Options = new() { Resamples = 100, Parallelism = 1 };

    private static readonly Gen<double> Quality = Gen.Frequency((6, Gen.Int[0, 2].Select(i => i / 2.0)), (1, Among(double.NaN, -1, 2, double.PositiveInfinity)));

    private static readonly Gen<double> Cost = Gen.Frequency(
        (6, Among(0.0, 1e-6, 1, 1e50)), (4, Gen.Double[0, 1]), (1, Among(double.NaN, -1, double.NegativeInfinity, 1e51)));

    private static readonly Gen<double> Signal = Gen.Frequency(
        (3, Among(0.0, 1, 1e100, -1e100, double.NaN, double.PositiveInfinity, double.NegativeInfinity)), (4, Gen.Double[-1, 1]));

    private static readonly Gen<OutcomeRecord> Record = Gen.Select(
        Gen.Int[0, 30], Gen.Int[0, 3], Quality, Cost, Signal,
        (query, model, quality, cost, signal) => new OutcomeRecord
        {
            QueryId = $"q{query}", Model = $"m{model}", Quality = quality, CostUsd = cost, Signals = [new("s", signal)],
        });

    /// <summary>Some tables repeat one answer for all, so that everything ties.</summary>
    private static readonly Gen<OutcomeRecord[]> Records = Gen.Frequency(
        (3, Record.Array[1, 150]),
        (1, Gen.Select(Record, Gen.Int[1, 30], (record, rows) =>
            Enumerable.Range(0, 2 * rows).Select(i => record with { QueryId = $"q{i / 2}", Model = $"m{i % 2}" }).ToArray())));

    [Fact]
    public void Run_AnyRecords_AnswersOrSaysWhatIsWrong() => Records.Sample(records =>
    {
        switch (Try(records))
        {
            case FitRun run:
                RequireSound(run);
                break;
            case ArgumentException problem:
                Assert.Contains("; give more queries", problem.Message + "; give more queries if there is no model", StringComparison.Ordinal);
                break;
        }
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (refused, unusable, fitted, refusedRecords) = (0, 0, 0, 0);
        Records.Sample(
            records =>
            {
                var builder = new OutcomeTableBuilder();
                var bad = records.Count(r => !builder.Add(r).IsEmpty);
                refusedRecords += bad > 0 ? 1 : 0;
                var result = Try(records);
                refused += result is ArgumentException ? 1 : 0;
                fitted += result is FitRun ? 1 : 0;
                unusable += result is FitRun run && run.Strategies.Any(s => s.Status == StrategyStatus.Unfit) ? 1 : 0;
            },
            iter: 400, threads: 1);

        Assert.InRange(refused, 20, 380);
        Assert.InRange(fitted, 40, 380);
        Assert.InRange(unusable, 5, 380);
        Assert.InRange(refusedRecords, 100, 400);
    }

    [Fact]
    public void Run_OneQueryPerPart_Answers()
    {
        var builder = new OutcomeTableBuilder();
        foreach (var q in Enumerable.Range(0, 3))
        {
            builder.Add(new OutcomeRecord { QueryId = $"q{q}", Model = "a", Quality = 1, CostUsd = 1 });
        }

        RequireSound(FitPipeline.Run(
            builder.Build(), new OutcomeSplit([0], [1], [2]), [new AllPairs()], Options, cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>What every tie shares must not be worked on once per row: four times the rows may take four times the memory traffic, not sixteen.</summary>
    [Fact]
    public void Run_TiedRows_WorkGrowsAsTheRows()
    {
        Assert.Equal(1, Assert.Single(Tied(2_000, out _).Of("auto").Report!.Points).Quality);
        Tied(20_000, out var few);
        Tied(80_000, out var many);

        Assert.InRange(many / (double)few, 1, 6);
    }

    private static FitRun Tied(int rows, out long bytes)
    {
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < rows; i++)
        {
            var id = $"q{i}";
            builder.Add(new OutcomeRecord { QueryId = id, Model = "low", Quality = i % 2, CostUsd = 1, Signals = [new("s", 0.5)] });
            builder.Add(new OutcomeRecord { QueryId = id, Model = "high", Quality = 1, CostUsd = 1, Signals = [new("s", 0.5)] });
        }

        var table = builder.Build();
        int[] all = [.. Enumerable.Range(0, rows)];
        var split = new OutcomeSplit([.. all[..(rows * 2 / 5)]], [.. all[(rows * 2 / 5)..(rows * 7 / 10)]], [.. all[(rows * 7 / 10)..]]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var run = FitPipeline.Run(table, split, [new AllPairs()], Options, cancellationToken: TestContext.Current.CancellationToken);
        bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return run;
    }

    private static Gen<double> Among(params double[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static object Try(OutcomeRecord[] records)
    {
        var builder = new OutcomeTableBuilder();
        foreach (var record in records)
        {
            builder.Add(record);
        }

        try
        {
            var table = builder.Build();
            return FitPipeline.Run(
                table, OutcomeSplit.Of(table, 0.4, 0.3, "f"), [new AllPairs()], Options, cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (ArgumentException e)
        {
            return e;
        }
    }

    private static void RequireSound(FitRun run)
    {
        Assert.All(run.Strategies, s => Assert.NotEqual(StrategyStatus.Failed, s.Status));
        foreach (var report in run.Strategies.Where(s => s.Report is not null).Select(s => s.Report!))
        {
            Assert.InRange(report.Auc, 0, 1 + 1e-9);
            Assert.True(double.IsNaN(report.Gain) || report.Gain <= 1 + 1e-9, $"gain {report.Gain}");
            Assert.All(report.Budgets, b => Assert.InRange(b.Quality, 0, 1 + 1e-9));
            Assert.All(report.Points, p => Assert.InRange(p.CostUsd, 0, 3e50));
            Assert.All(report.Points, p => Assert.InRange(p.QualityInterval.Low, 0, p.QualityInterval.High));
        }
    }
}
