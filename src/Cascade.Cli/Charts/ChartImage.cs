using System.Xml.Linq;

namespace Cascade.Cli.Charts;

/// <summary>A chart as pictures.</summary>
/// <param name="Key">Its name in file names and in the page.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Description">What it shows, for those who do not see it.</param>
/// <param name="Svg">The picture without a namespace, as a page embeds it.</param>
/// <param name="Png">The picture as PNG, at twice the size.</param>
internal sealed record ChartImage(string Key, string Title, string Description, XElement Svg, byte[] Png)
{
    /// <summary>The picture as a file of its own, which follows the reader's light or dark setting.</summary>
    public string StandaloneSvg() => SvgDocument.Standalone(Svg);
}
