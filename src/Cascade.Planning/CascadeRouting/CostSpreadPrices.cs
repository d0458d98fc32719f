using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Fitting;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.CascadeRouting;

/// <summary>
/// Chooses shadow prices so that the policies they make are spread over cost. What a policy of the family costs at a price is known only by running
/// it, so it is run on a sample of the rows, at 0, where no more is spent than this, at a price where no less is, and then wherever neighbours are
/// furthest apart.
/// </summary>
internal sealed class CostSpreadPrices
{
    /// <summary>Rows of the sample: costs to a few percent are enough to place prices.</summary>
    public const int MostRows = 250;

    private const int MaxSteps = 40;

    private readonly Evidence _sample;

    /// <summary>Takes a sample of the rows.</summary>
    /// <param name="context">The rows.</param>
    /// <param name="priors">Out-of-fold estimates on them, or null.</param>
    public CostSpreadPrices(FitContext context, PriorMatrix? priors)
    {
        var rows = Sample(context.Outcomes.RowCount);
        int[] models = [.. Enumerable.Range(0, context.Models.Length)];
        _sample = new Evidence(context.Outcomes.Select(models, rows), Pick(context.Scores, models.Length, rows), Pick(priors, rows));
    }

    /// <summary>What a policy delivers on the sample.</summary>
    public PolicyResult Run(IDecisionPolicy policy, double price) => PolicyEvaluator.Run(policy, _sample, price);

    /// <summary>Prices in rising order, none twice, 0 the first.</summary>
    /// <param name="policy">The family.</param>
    /// <param name="count">Most prices, at least 2.</param>
    public double[] Of(IDecisionPolicy policy, int count)
    {
        var prices = new List<double> { 0, Dearest(policy) };
        var costs = prices.ConvertAll(price => Cost(policy, price));
        prices.Insert(1, Cheapest(policy, prices[1], costs[0]));
        costs.Insert(1, Cost(policy, prices[1]));
        while (prices.Count < count && Widest(prices, costs) is var at && at > 0)
        {
            var middle = Math.Sqrt(prices[at] * prices[at + 1]);
            prices.Insert(at + 1, middle);
            costs.Insert(at + 1, Cost(policy, middle));
        }

        return [.. prices.Take(count).Distinct().Order()];
    }

    private static int[] Sample(int rows)
    {
        var count = Math.Min(rows, MostRows);
        return [.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows / count))];
    }

    private static ScoreMatrix Pick(ScoreMatrix scores, int models, int[] rows)
    {
        var columns = new double[models][];
        for (var m = 0; m < models; m++)
        {
            var column = scores.Column(m);
            columns[m] = new double[rows.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                columns[m][i] = column[rows[i]];
            }
        }

        return new ScoreMatrix(columns);
    }

    private static PriorMatrix? Pick(PriorMatrix? priors, int[] rows) => priors is null
        ? null
        : new PriorMatrix(
            priors.ModelCount, [.. rows.SelectMany(r => priors.Quality(r).ToArray())], [.. rows.SelectMany(r => priors.CostUsd(r).ToArray())]);

    private double Cost(IDecisionPolicy policy, double price) => Run(policy, price).MeanCostUsd;

    /// <summary>A price beyond which nothing is saved any more.</summary>
    private double Dearest(IDecisionPolicy policy)
    {
        var least = Cost(policy, double.PositiveInfinity);
        var price = 1 / Math.Max(least, 1e-12);
        for (var i = 0; i < MaxSteps && Cost(policy, price) > least * 1.001; i++)
        {
            price *= 2;
        }

        return price;
    }

    /// <summary>A price above 0 below which nothing more is spent.</summary>
    private double Cheapest(IDecisionPolicy policy, double price, double most)
    {
        for (var i = 0; i < MaxSteps && Cost(policy, price) < most * 0.999; i++)
        {
            price /= 4;
        }

        return price;
    }

    /// <summary>The interval above the lowest price whose ends differ most in cost; 0 when no ends differ.</summary>
    private static int Widest(List<double> prices, List<double> costs)
    {
        var (widest, gap) = (0, 1e-3);
        for (var i = 1; i + 1 < prices.Count; i++)
        {
            // Relative to their sum, as budgets of cheap policies are apart as much as those of dear ones.
            var apart = Math.Abs(costs[i] - costs[i + 1]) / Math.Max(1e-300, costs[i] + costs[i + 1]);
            (widest, gap) = apart > gap && prices[i + 1] > prices[i] * 1.0001 ? (i, apart) : (widest, gap);
        }

        return widest;
    }
}
