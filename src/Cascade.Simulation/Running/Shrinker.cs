using System.Collections.Immutable;
using Cascade.Simulation.Faults;

namespace Cascade.Simulation.Running;

/// <summary>Makes a failing scenario small: leaves out what it fails without.</summary>
internal static class Shrinker
{
    private const int MostRuns = 300;

    /// <summary>Leaves out ever smaller pieces while the scenario still fails.</summary>
    /// <param name="failing">A scenario that fails.</param>
    /// <param name="fails">Whether one fails.</param>
    /// <returns>A scenario that fails, of which hardly a step can be left out.</returns>
    public static Scenario Shrink(Scenario failing, Func<Scenario, bool> fails)
    {
        var smallest = failing;
        var runs = 0;
        for (var size = Math.Max(1, smallest.Steps.Length / 2); size >= 1 && runs < MostRuns; size /= 2)
        {
            for (var start = smallest.Steps.Length - size; start > -size && runs < MostRuns; start -= size)
            {
                var from = Math.Max(0, start);
                var less = Without(smallest, from, Math.Min(size, smallest.Steps.Length - from));
                runs++;
                if (fails(less))
                {
                    smallest = less;
                }
            }
        }

        return smallest;
    }

    private static Scenario Without(Scenario scenario, int from, int count) =>
        scenario with { Steps = ImmutableArray.CreateRange(scenario.Steps.Where((_, i) => i < from || i >= from + count)) };
}
