using System.Globalization;
using ScottPlot;
using ScottPlot.Plottables;

namespace Cascade.Cli.Charts;

/// <summary>
/// The plotting library's SVG knows no dashes. Lines are drawn solid there with an opacity that stands for their pattern, which cleaning turns into
/// dashes.
/// </summary>
internal static class DashMarks
{
    private const double MaxAlpha = 255;
    private const double Tolerance = 0.0005;

    private static readonly (LinePattern Pattern, byte Alpha, string Dashes)[] Marks =
    [
        (LinePattern.Dashed, 254, "9 6"), (LinePattern.Dotted, 253, "2 5"), (LinePattern.DenselyDashed, 252, "6 3"),
    ];

    /// <summary>Draws a plot as SVG; the plot is as before afterwards.</summary>
    public static string Svg(Plot plot)
    {
        var dashed = plot.GetPlottables<Scatter>().Select(s => (Line: s, s.LinePattern, s.LineColor)).Where(s => !s.LinePattern.Equals(LinePattern.Solid)).ToList();
        foreach (var (line, pattern, color) in dashed)
        {
            line.LinePattern = LinePattern.Solid;
            line.LineColor = color.WithAlpha(Marks.First(m => m.Pattern.Equals(pattern)).Alpha);
        }

        var svg = plot.GetSvgXml(ChartTheme.Width, ChartTheme.Height);
        foreach (var (line, pattern, color) in dashed)
        {
            (line.LinePattern, line.LineColor) = (pattern, color);
        }

        return svg;
    }

    /// <summary>The dashes that an opacity stands for; null when it is an opacity.</summary>
    public static string? DashesOf(string opacity) =>
        double.TryParse(opacity, CultureInfo.InvariantCulture, out var value)
            ? Marks.Where(m => Math.Abs(value - (m.Alpha / MaxAlpha)) < Tolerance).Select(m => m.Dashes).FirstOrDefault()
            : null;
}
