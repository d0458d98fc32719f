using System.Collections.Concurrent;
using System.Globalization;
using Cascade.Simulation.Auditing;
using Cascade.Simulation.Faults;
using Cascade.Simulation.Running;

namespace Cascade.Simulation;

/// <summary>
/// Runs the budget system in simulated worlds: the purses, agents and desks themselves, on a simulated clock, network, storage and journal, under
/// faults that a seed decides, against an auditor that knows what the provider really bills.
/// </summary>
public static class Simulator
{
    private const ulong Prime = 1099511628211UL;

    /// <summary>The bugs that can be planted, to see the auditor find them.</summary>
    public static IReadOnlyList<string> Plants { get; } = [.. Plant.Names];

    /// <summary>Runs the seeds.</summary>
    /// <param name="options">What to run.</param>
    /// <param name="progress">Told how many runs are done.</param>
    /// <param name="cancellationToken">Stops between two runs.</param>
    /// <returns>What was met.</returns>
    /// <exception cref="ArgumentException">The bug to plant is unknown.</exception>
    public static SimulationReport Run(
        SimulationOptions options, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = Plant.Of(options.Plant);
        var coverage = new Coverage();
        var hashes = new ulong[options.Seeds];
        var failures = new ConcurrentQueue<(ulong Seed, Violation Violation)>();
        var done = 0;
        var gate = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Workers, CancellationToken = cancellationToken };
        Parallel.For(0, options.Seeds, parallel, (index, loop) =>
        {
            var seed = options.FirstSeed + (ulong)index;
            var seen = new Coverage();
            var result = SimRun.Execute(Scenario.Of(seed, options.Steps), Plant.Of(options.Plant), seen);
            hashes[index] = result.Hash;
            lock (gate)
            {
                coverage.Add(seen);
                progress?.Report(++done);
            }

            if (result.Violation is { } violation)
            {
                failures.Enqueue((seed, violation));
                if (failures.Count >= options.MostFailures)
                {
                    loop.Stop();
                }
            }
        });
        return new SimulationReport
        {
            Seeds = done,
            Steps = options.Steps,
            Failures = [.. failures.OrderBy(f => f.Seed).Take(options.MostFailures).Select(f => Explain(f.Seed, f.Violation, options))],
            Coverage = [.. Coverage.All.Select(s => new SimulationCount(s.ToString(), coverage[s]))],
            Hash = hashes.Aggregate(0UL, (sum, hash) => (sum * Prime) ^ hash).ToString("x16", CultureInfo.InvariantCulture),
        };
    }

    private static SimulationFailure Explain(ulong seed, Violation violation, SimulationOptions options)
    {
        var failure = new SimulationFailure { Seed = seed, Problem = violation.ToString() };
        if (!options.Shrink)
        {
            return failure;
        }

        var smallest = Shrinker.Shrink(
            Scenario.Of(seed, options.Steps),
            scenario => SimRun.Execute(scenario, Plant.Of(options.Plant), new Coverage()).Violation is not null);
        var told = SimRun.Execute(smallest, Plant.Of(options.Plant), new Coverage(), keepLines: true);
        return failure with
        {
            SmallestSteps = [.. smallest.Steps.Select(step => step.ToString())],
            Trace = [.. told.Lines],
        };
    }
}
