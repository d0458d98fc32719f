using ScottPlot;

namespace Cascade.Cli.Charts;

/// <summary>Lines over an axis of numbers.</summary>
internal static class LineChart
{
    public sealed record Line(string Name, double[] X, double[] Y, string Hex)
    {
        public LinePattern Pattern { get; init; } = LinePattern.Solid;

        public bool HasMarkers { get; init; }

        public float Width { get; init; } = 2;
    }

    /// <summary>A guide without a name in the legend.</summary>
    public sealed record Guide(double[] X, double[] Y);

    public static ChartImage Draw(
        string key, string title, string description, string xLabel, string yLabel, IReadOnlyList<Line> lines, ChartRange range, IReadOnlyList<Guide>? guides = null)
    {
        var plot = ChartBuilder.New(title, xLabel, yLabel);
        foreach (var guide in guides ?? [])
        {
            var line = plot.Add.ScatterLine(guide.X, guide.Y);
            line.Color = ChartTheme.ColorOf(ChartTheme.Muted);
            line.LinePattern = LinePattern.Dashed;
            line.LineWidth = 1.2f;
        }

        foreach (var line in lines)
        {
            var drawn = plot.Add.Scatter(line.X, line.Y);
            drawn.Color = ChartTheme.ColorOf(line.Hex);
            drawn.LinePattern = line.Pattern;
            drawn.LineWidth = line.Width;
            drawn.MarkerSize = line.HasMarkers ? 8 : 0;
            drawn.LegendText = line.Name;
        }

        range.Apply(plot);
        ChartBuilder.Legend(plot);
        return ChartBuilder.Render(plot, key, title, description);
    }
}

/// <summary>What a chart shows of its axes; a null end is found from the lines.</summary>
internal sealed record ChartRange(double? Left, double? Right, double? Bottom, double? Top)
{
    /// <summary>Marks at 0 and 1 are to be seen whole.</summary>
    private const double Margin = 0.015;

    public static ChartRange Unit { get; } = new(0, 1, 0, 1);

    public void Apply(Plot plot)
    {
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        plot.Axes.SetLimits(
            (Left - (Left == 0 ? Margin : 0)) ?? limits.Left, (Right + (Right == 1 ? Margin : 0)) ?? limits.Right,
            (Bottom - (Bottom == 0 && Top == 1 ? Margin : 0)) ?? limits.Bottom, (Top + (Top == 1 ? Margin : 0)) ?? limits.Top);
        if (Left is 0 && Right is 1)
        {
            ChartBuilder.UnitTicks(plot.Axes.Bottom, 0, 1);
        }

        if (Bottom is 0 && Top is 1)
        {
            ChartBuilder.UnitTicks(plot.Axes.Left, 0, 1);
        }
    }
}
