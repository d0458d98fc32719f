using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;

namespace Cascade.Planning.Routing;

internal static class RoutingInput
{
    public static string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Outcomes.RowCount == 0 ? "there is no row to fit on; give outcomes" : null;
    }

    public static void Require(FitContext context)
    {
        if (Unfit(context) is { } reason)
        {
            throw new ArgumentException(reason, nameof(context));
        }
    }

    /// <summary>All models, and those on the hull of the means where they are fewer and more than one.</summary>
    public static int[][] ModelSets(FitContext context)
    {
        int[] all = [.. Enumerable.Range(0, context.Models.Length)];
        FrontierPoint[] points = [.. all.Select(m => new FrontierPoint(context.Models[m].CostUsd, context.Models[m].Quality, m))];
        int[] hull = [.. CostFrontier.Of(points).Vertices.Select(v => v.Policy).Order()];
        return hull.Length > 1 && hull.Length < all.Length ? [all, hull] : [all];
    }
}
