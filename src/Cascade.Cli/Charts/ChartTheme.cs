using ScottPlot;

namespace Cascade.Cli.Charts;

/// <summary>
/// Colours and sizes of every chart. Series colours are Okabe and Ito's, which people with any colour vision tell apart; ink, grid and paper are
/// replaced by classes in SVG, so that a page can be dark.
/// </summary>
internal static class ChartTheme
{
    public const int Width = 960;
    public const int Height = 560;

    /// <summary>Pixels of a PNG per unit of the SVG.</summary>
    public const int PngScale = 2;

    public const string Ink = "#1F2329";
    public const string Muted = "#5B6470";
    public const string Grid = "#DFE3E8";
    public const string Paper = "#FEFEFE";

    public const string Blue = "#0072B2";
    public const string Orange = "#E69F00";
    public const string Green = "#009E73";
    public const string Vermilion = "#D55E00";
    public const string Purple = "#CC79A7";
    public const string Sky = "#56B4E9";
    public const string Brown = "#8C6D31";
    public const string Gray = "#8A929C";

    private static readonly string[] Fonts = ["DejaVu Sans", "Liberation Sans", "Noto Sans", "Arial", "Helvetica", "Segoe UI"];

    private static readonly Lazy<string?> Installed = new(() => Fonts.FirstOrDefault(SkiaFonts.Has));

    /// <summary>The font of the charts; null when this machine has none of those that are looked for, and PNG charts may lack text.</summary>
    public static string? Font => Installed.Value;

    public static IReadOnlyList<string> Series { get; } = [Blue, Orange, Green, Vermilion, Purple, Sky, Brown, Gray];

    public static Color ColorOf(string hex) => Color.FromHex(hex);
}
