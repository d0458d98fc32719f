using Cascade.Planning.CascadeRouting;
using CsCheck;

namespace Cascade.Tests.Planning.CascadeRouting;

/// <summary>What a search is asked: means, covariance and costs of a pool, which of it answered and which is open.</summary>
internal sealed record RoutingCase(double[] Mean, double[,] Covariance, double[] CostUsd, int Answered, int Open, double Price, int MaxCalls)
{
    internal int Size => Mean.Length;

    /// <summary>Pools of one to seven models, with equal means, free models, models known exactly and models that move together.</summary>
    internal static Gen<RoutingCase> Small { get; } = Gen.Int[1, 7].SelectMany(k => Of(k, Gen.Int[1, k]));

    /// <summary>Pools of one size, as a fitted model gives them: nothing equal, nothing free, nothing singular.</summary>
    internal static Gen<RoutingCase> Fitted(int k, int answered) => Gen.Select(
        Gen.Double[0.3, 0.95].Array[k], Gen.Double[-0.12, 0.12].Array[k * 3], Gen.Double[0.02, 0.2].Array[k], Gen.Double[-4, 0].Array[k], Gen.Double[-2, 2],
        (mean, common, own, cost, price) =>
        {
            var costs = Array.ConvertAll(cost, c => Math.Pow(10, c));
            Array.Sort(costs, mean);
            return new RoutingCase(
                mean, Joint(common, own, k), costs, (1 << answered) - 1, (1 << k) - (1 << answered), Math.Pow(10, price), 5);
        });

    internal int Search(int points = ExpectedMaximum.DefaultPoints, int ahead = 16) =>
        SupersetWalk.Mine.BestSuperset(Belief(), Price, MaxCalls, ahead, points);

    internal Belief Belief()
    {
        var belief = Cascade.Planning.CascadeRouting.Belief.Mine;
        (belief.Count, belief.Answered, belief.Open, belief.AnyFailed) = (Size, Answered, Open, false);
        Mean.CopyTo(belief.Mean);
        CostUsd.CopyTo(belief.CostUsd);
        double[] factor = [.. Covariance.Cast<double>()];
        CholeskyFactor.Factor(factor, Size);
        belief.Evidence = new ConditionedEvidence([], factor);
        return belief;
    }

    private static Gen<RoutingCase> Of(int k, Gen<int> calls) => Gen.Select(
        Gen.Frequency((1, Gen.Const(0.5)), (1, Gen.Const(1.0)), (4, Gen.Double[0, 1])).Array[k],
        Gen.Frequency((1, Gen.Const(0.0)), (3, Gen.Double[-0.2, 0.2])).Array[k * 3],
        Gen.Frequency((2, Gen.Const(0.0)), (3, Gen.Double[0, 0.3])).Array[k],
        Gen.Frequency((1, Gen.Const(0.0)), (2, Gen.Const(0.25)), (4, Gen.Double[0, 1])).Array[k],
        Gen.Select(Gen.Int[0, (1 << k) - 1], Gen.Int[0, (1 << k) - 1]),
        Gen.Frequency((1, Gen.Const(0.0)), (1, Gen.Const(1e9)), (6, Gen.Double[-3, 0.5].Select(e => Math.Pow(10, e)))),
        calls,
        (mean, common, own, cost, sets, price, most) =>
            new RoutingCase(mean, Joint(common, own, k), cost, sets.Item1 & sets.Item2, ~sets.Item1 & ((1 << k) - 1), price, most));

    private static double[,] Joint(double[] common, double[] own, int k)
    {
        var covariance = new double[k, k];
        for (var i = 0; i < k; i++)
        {
            for (var j = 0; j < k; j++)
            {
                covariance[i, j] = (common[3 * i] * common[3 * j]) + (common[(3 * i) + 1] * common[(3 * j) + 1])
                    + (common[(3 * i) + 2] * common[(3 * j) + 2]) + (i == j ? own[i] * own[i] : 0);
            }
        }

        return covariance;
    }
}
