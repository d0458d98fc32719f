using Cascade.Planning.Scoring;
using Cascade.Planning.Scoring.Tokens;
using Cascade.Planning.Sweeps;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Pairs that defer on one Chow-type signal of the draft's token log-probabilities (Gupta et al., arXiv 2404.10136): for each pair the signal whose
/// exact threshold sweep is worth most on the fit rows. The signal is calibrated by a monotone map, which changes no threshold policy.
/// </summary>
public sealed class TokenUncertaintyDeferral : ICascadeStrategy
{
    /// <inheritdoc />
    public string Name => "token-uncertainty";

    /// <inheritdoc />
    public int Complexity => 1;

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return SignalSelection.HasAny(context.Outcomes, TokenSignals.IsConfidence)
            ? null
            : $"no model has a signal from token log-probabilities; record for example '{TokenSignals.Average}' and '{TokenSignals.Min}'";
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitColumns.RequireFit(this, context);
        var pool = new OperatingPoints();
        pool.AddDirect(context);
        for (var low = 0; low < context.Models.Length - 1; low++)
        {
            var signals = Signals(context, low);
            for (var high = low + 1; high < context.Models.Length; high++)
            {
                AddBest(context, pool, low, high, signals);
            }
        }

        var prices = CostPrices.Of(context.Models, context.Options.PriceGridSize);
        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = pool.Select(prices, context.Options.MaxCandidates),
            ScoreModels = [.. context.Models.Select(_ => (ScoreModel?)null)],
        };
    }

    private static List<(TransformedScore Score, double[] Column)> Signals(FitContext context, int model)
    {
        var table = context.Outcomes;
        var signals = new List<(TransformedScore Score, double[] Column)>();
        for (var s = 0; s < table.Signals.Length; s++)
        {
            if (TokenSignals.IsConfidence(table.Signals[s]) && SignalSelection.Best(table, model, s) is { } score)
            {
                var column = FitColumns.Filled(ScoreMatrix.ColumnOf(table, model, score), context.Models[model].Quality);
                signals.Add((score, column));
            }
        }

        return signals;
    }

    private static void AddBest(
        FitContext context, OperatingPoints pool, int low, int high, List<(TransformedScore Score, double[] Column)> signals)
    {
        PairCurve? best = null;
        TransformedScore? bestScore = null;
        var bestWorth = double.NegativeInfinity;
        foreach (var (score, column) in signals)
        {
            var curve = PairSearch.Sweep(context, low, high, column);
            var worth = PairSearch.Worth(curve);
            (best, bestScore, bestWorth) = worth > bestWorth ? (curve, score, worth) : (best, bestScore, bestWorth);
        }

        if (best is not null)
        {
            var scoreModels = PairSearch.Only(context.Models.Length, low, bestScore!);
            PairSearch.AddHull(pool, best, low, high, (low * context.Models.Length) + high, scoreModels);
        }
    }
}
