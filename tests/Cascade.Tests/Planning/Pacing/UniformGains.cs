using Cascade.Planning.Estimation;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;

namespace Cascade.Tests.Planning.Pacing;

/// <summary>The problem whose answer is known: gains uniform in 0 to 1, one cost of 10, a free void action, a plan of 3.</summary>
internal static class UniformGains
{
    public const double Cost = 10;
    public const double Plan = 3;

    public static PacingRows Rows(int requests, int seed)
    {
        var random = new Random(seed);
        var (quality, cost) = (new double[2 * requests], new double[2 * requests]);
        for (var row = 0; row < requests; row++)
        {
            (quality[(2 * row) + 1], cost[(2 * row) + 1]) = (random.NextDouble(), Cost);
        }

        var matrix = new PriorMatrix(2, quality, cost);
        return new PacingRows(matrix, matrix, [0, Cost], [1, 1]);
    }

    public static PacingScenario Scenario(int requests, int seed, double start) => new()
    {
        BudgetUsd = Plan * requests,
        Requests = requests,
        Seed = (ulong)seed,
        StartPrice = start,
    };

    public static PacerParameters Parameters(int requests, double step, bool resolves) => new()
    {
        BudgetUsd = Plan * requests,
        ExpectedRequests = requests,
        StepSize = step,
        ResolvesPlan = resolves,
    };
}
