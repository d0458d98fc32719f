using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Which of many models are worth planning with, by their mean costs and qualities on the rows to fit on alone. Strategies that look at sets of
/// models take time that doubles with every model, and a model that a cheaper one outdoes seldom earns its place.
/// </summary>
public static class ModelShortlist
{
    /// <summary>
    /// Takes models layer by layer: first those that no model of at most their cost outdoes or equals, then those that only models already taken
    /// outdo, and so on. A layer that does not fit whole keeps its cheapest and its best, and gives up, one at a time, the model whose loss takes
    /// least from the area below the layer's steps of quality over the logarithm of cost.
    /// </summary>
    /// <param name="fit">The rows to fit on, every outcome and cost recorded.</param>
    /// <param name="most">How many to take, at least 2.</param>
    /// <returns>Indexes of models, ascending; all when there are no more than <paramref name="most"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="most"/> is below 2.</exception>
    public static ImmutableArray<int> Of(OutcomeTable fit, int most)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 2);
        var left = Enumerable.Range(0, fit.ModelCount)
            .Select(m => new Place(m, RecordedMean.Of(fit.CostUsd(m)), RecordedMean.Of(fit.Quality(m))))
            .OrderBy(p => p.CostUsd).ThenByDescending(p => p.Quality).ThenBy(p => p.Model)
            .ToList();
        var taken = new List<Place>();
        while (left.Count > 0 && taken.Count < most)
        {
            var layer = Undominated(left);
            left.RemoveAll(layer.Contains);
            Thin(layer, most - taken.Count);
            taken.AddRange(layer);
        }

        return [.. taken.Select(p => p.Model).Order()];
    }

    /// <summary>Those of the ordered models that are better than every one before them.</summary>
    private static List<Place> Undominated(List<Place> ordered)
    {
        var layer = new List<Place>();
        foreach (var place in ordered)
        {
            if (layer.Count == 0 || place.Quality > layer[^1].Quality)
            {
                layer.Add(place);
            }
        }

        return layer;
    }

    private static void Thin(List<Place> layer, int most)
    {
        while (layer.Count > most)
        {
            layer.RemoveAt(layer.Count > 2 ? Enumerable.Range(1, layer.Count - 2).MinBy(i => Loss(layer, i)) : 0);
        }
    }

    /// <summary>Without a model, its step falls to the one before, up to the cost of the next.</summary>
    private static double Loss(List<Place> layer, int i) =>
        (layer[i].Quality - layer[i - 1].Quality) * Math.Log(layer[i + 1].CostUsd / Math.Max(layer[i].CostUsd, double.Epsilon));

    private readonly record struct Place(int Model, double CostUsd, double Quality);
}
