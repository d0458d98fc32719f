using ScottPlot;
using ScottPlot.TickGenerators;

namespace Cascade.Cli.Charts;

/// <summary>An empty chart in the project's look, and its pictures.</summary>
internal static class ChartBuilder
{
    private const int LabelSize = 14;
    private const int TickSize = 13;
    private const int TitleSize = 17;

    public static Plot New(string title, string xLabel, string yLabel)
    {
        var plot = new Plot();
        var (ink, muted) = (ChartTheme.ColorOf(ChartTheme.Ink), ChartTheme.ColorOf(ChartTheme.Muted));
        plot.FigureBackground.Color = ChartTheme.ColorOf(ChartTheme.Paper);
        plot.DataBackground.Color = ChartTheme.ColorOf(ChartTheme.Paper);
        plot.Grid.MajorLineColor = ChartTheme.ColorOf(ChartTheme.Grid);
        plot.Title(title);
        plot.XLabel(xLabel);
        plot.YLabel(yLabel);
        plot.Axes.Title.Label.FontSize = TitleSize;
        plot.Axes.Title.Label.ForeColor = ink;
        plot.Axes.Title.Label.Bold = false;
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.FrameLineStyle.Color = muted;
            axis.TickLabelStyle.ForeColor = ink;
            axis.TickLabelStyle.FontSize = TickSize;
            axis.MajorTickStyle.Color = muted;
            axis.MinorTickStyle.Length = 0;
            axis.Label.ForeColor = ink;
            axis.Label.FontSize = LabelSize;
            axis.Label.Bold = false;
        }

        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        return plot;
    }

    /// <summary>Ticks from 0 to 1 at equal steps within some limits.</summary>
    public static void UnitTicks(IAxis axis, double low, double high)
    {
        var step = (high - low) switch { > 0.6 => 0.2, > 0.3 => 0.1, > 0.12 => 0.05, > 0.05 => 0.02, _ => 0.01 };
        var ticks = Enumerable.Range((int)Math.Ceiling(low / step), (int)(Math.Floor(high / step) - Math.Ceiling(low / step)) + 1).Select(i => i * step).ToArray();
        axis.TickGenerator = new NumericManual(ticks, [.. ticks.Select(t => Numbers.Fixed(t, step < 0.1 ? 2 : 1))]);
    }

    public static void Legend(Plot plot)
    {
        var panel = plot.ShowLegend(Edge.Right);
        var legend = panel.Legend;
        legend.FontSize = TickSize;
        legend.FontColor = ChartTheme.ColorOf(ChartTheme.Ink);
        legend.BackgroundColor = ChartTheme.ColorOf(ChartTheme.Paper);
        legend.OutlineWidth = 0;
        legend.ShadowColor = Colors.Transparent;
        legend.SymbolWidth = 34;
    }

    public static ChartImage Render(Plot plot, string key, string title, string description)
    {
        if (ChartTheme.Font is { } font)
        {
            plot.Font.Set(font);
            plot.Legend.FontName = font;
        }

        var svg = SvgDocument.Clean(DashMarks.Svg(plot), key, title, description);
        plot.ScaleFactor = ChartTheme.PngScale;
        var png = plot.GetImageBytes(ChartTheme.Width * ChartTheme.PngScale, ChartTheme.Height * ChartTheme.PngScale, ImageFormat.Png);
        plot.ScaleFactor = 1;
        return new ChartImage(key, title, description, svg, png);
    }
}
