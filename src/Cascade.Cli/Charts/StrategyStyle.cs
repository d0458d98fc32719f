using ScottPlot;

namespace Cascade.Cli.Charts;

/// <summary>A strategy looks the same in every chart: its family gives the colour, its place in the family the line and the marker.</summary>
internal sealed record StrategyStyle(string Hex, LinePattern Line, MarkerShape Marker)
{
    private static readonly (string Prefix, string Hex)[] Families =
    [
        ("single-model", ChartTheme.Gray),
        ("threshold-pair", ChartTheme.Sky),
        ("pairwise-envelope", ChartTheme.Blue),
        ("fixed-chain", ChartTheme.Green), ("subsequence", ChartTheme.Green), ("frugal", ChartTheme.Green), ("model-cascading", ChartTheme.Green),
        ("router", ChartTheme.Orange), ("optimal-routing", ChartTheme.Orange),
        ("cascade-routing", ChartTheme.Vermilion), ("optimal-cascad", ChartTheme.Vermilion),
        ("rational", ChartTheme.Purple), ("early-abstention", ChartTheme.Purple), ("c3po", ChartTheme.Purple),
    ];

    private static readonly LinePattern[] Lines = [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    private static readonly MarkerShape[] Markers =
        [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.FilledTriangleDown, MarkerShape.FilledDiamond];

    /// <summary>The style of a strategy among all that there are, so that leaving some out of a chart changes nothing.</summary>
    public static StrategyStyle Of(string strategy, IReadOnlyList<string> all)
    {
        var hex = HexOf(strategy);
        var place = Math.Max(0, all.Where(s => HexOf(s) == hex).ToList().IndexOf(strategy));
        return new StrategyStyle(hex, Lines[place % Lines.Length], Markers[place % Markers.Length]);
    }

    private static string HexOf(string strategy) =>
        Families.FirstOrDefault(f => strategy.StartsWith(f.Prefix, StringComparison.Ordinal)).Hex ?? ChartTheme.Brown;
}
