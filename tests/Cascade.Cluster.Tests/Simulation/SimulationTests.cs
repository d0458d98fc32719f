using Cascade.Simulation;
using Cascade.Simulation.Auditing;
using Cascade.Simulation.Faults;
using Cascade.Simulation.Running;
using Xunit;

namespace Cascade.Cluster.Tests.Simulation;

/// <summary>The budget system under faults that seeds decide; see docs/simulation.md.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 2_000;

    [Fact]
    public void Run_TwoThousandSeeds_KeepsEveryPromiseAndMeetsEveryFault()
    {
        var report = Simulator.Run(new SimulationOptions { Seeds = Seeds, Workers = Environment.ProcessorCount }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(report.Failures.IsEmpty, Explain(report));
        Assert.Empty(report.Coverage.Where(c => c.Count == 0).Select(c => c.What));
    }

    [Theory]
    [InlineData("skip-fence")]
    [InlineData("double-report")]
    [InlineData("drop-settle")]
    [InlineData("forget-exposure")]
    public void Run_PlantedBug_IsFound(string plant)
    {
        var options = new SimulationOptions { Seeds = Seeds, Plant = plant, Shrink = false };

        var report = Simulator.Run(options, cancellationToken: TestContext.Current.CancellationToken);

        Assert.NotEmpty(report.Failures);
    }

    /// <summary>The ledger's own alarms must not be what finds them.</summary>
    [Theory]
    [InlineData("skip-fence")]
    [InlineData("double-report")]
    [InlineData("drop-settle")]
    [InlineData("forget-exposure")]
    public void Execute_PlantedBug_IsFoundByTheAuditorItself(string plant)
    {
        var promises = Enumerable.Range(1, 60)
            .Select(seed => SimRun.Execute(Scenario.Of((ulong)seed, 200), Plant.Of(plant), new Coverage(), deaf: true).Violation?.Promise)
            .ToHashSet();

        Assert.Contains(promises, p => p is "P1" or "P2");
    }

    [Fact]
    public void Execute_SameSeedTwice_DoesTheSame()
    {
        foreach (var seed in Enumerable.Range(1, 12))
        {
            var scenario = Scenario.Of((ulong)seed, 200);

            var first = SimRun.Execute(scenario, new Plant(), new Coverage()).Hash;
            var second = SimRun.Execute(Scenario.Of((ulong)seed, 200), new Plant(), new Coverage()).Hash;

            Assert.Equal(first, second);
        }
    }

    [Fact]
    public void Shrink_PlantedBug_LeavesFewStepsThatStillFail()
    {
        var report = Simulator.Run(
            new SimulationOptions { Seeds = 50, Plant = "drop-settle" }, cancellationToken: TestContext.Current.CancellationToken);

        var failure = Assert.Single(report.Failures);
        Assert.InRange(failure.SmallestSteps.Length, 1, 20);
        Assert.Contains(failure.Trace, line => line.Contains("VIOLATION", StringComparison.Ordinal));
    }

    private static string Explain(SimulationReport report) => string.Join(
        '\n', report.Failures.SelectMany(f => new[] { $"seed {f.Seed}: {f.Problem}" }.Concat(f.SmallestSteps).Concat(f.Trace.TakeLast(80))));
}
