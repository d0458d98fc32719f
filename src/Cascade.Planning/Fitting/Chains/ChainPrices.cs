using Cascade.Planning.Plans;

namespace Cascade.Planning.Fitting;

/// <summary>The shadow prices that chains are fitted for: those at which pairs and models alone change places on the fit rows.</summary>
internal static class ChainPrices
{
    public static PairFrontiers Pairs(StagePool pool) => PairFrontiers.Of(pool, new PairOptions { NoBenefitAuroc = -1 });

    public static double[] Of(StagePool pool, PairFrontiers pairs, int size)
    {
        var points = new CandidatePool();
        for (var m = 0; m < pool.ModelCount; m++)
        {
            points.Add(pool.Direct(m), ChainSpec.Direct(m));
        }

        pairs.AddTo(points, 0);
        return PriceGrid.Of(points.Frontier(), size);
    }
}
