using SkiaSharp;

namespace Cascade.Cli.Charts;

/// <summary>The fonts of this machine.</summary>
internal static class SkiaFonts
{
    public static bool Has(string family) => SKFontManager.Default.FontFamilies.Contains(family, StringComparer.OrdinalIgnoreCase);
}
