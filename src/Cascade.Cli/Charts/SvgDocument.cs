using System.Globalization;
using System.Xml.Linq;

namespace Cascade.Cli.Charts;

/// <summary>
/// Makes the plotting library's SVG fit for pages: text is placed as a whole and in the reader's own font, lines are dashed, ink and paper become
/// classes, ids are unique and the same in every run, and title and description are there for screen readers.
/// </summary>
internal static class SvgDocument
{
    private const string Reference = "url(#";
    private const string Namespace = "http://www.w3.org/2000/svg";

    /// <summary>Width of a glyph in shares of the font's size, where it cannot be told.</summary>
    private const double GlyphWidth = 0.6;

    /// <summary>What the classes look like in a light and in a dark page.</summary>
    public const string Style =
        "text{font-family:system-ui,'DejaVu Sans',sans-serif}"
        + ".fi{fill:#1F2329}.si{stroke:#1F2329}.fm{fill:#5B6470}.sm{stroke:#5B6470}.sg{stroke:#DFE3E8}.fg{fill:#DFE3E8}.fp{fill:#FEFEFE}.sp{stroke:#FEFEFE}"
        + "@media(prefers-color-scheme:dark){.fi{fill:#E6E9ED}.si{stroke:#E6E9ED}.fm{fill:#A3ACB8}.sm{stroke:#A3ACB8}.sg{stroke:#343A43}.fg{fill:#343A43}"
        + ".fp{fill:#14171B}.sp{stroke:#14171B}}";

    private static readonly Dictionary<string, char> Classes = new(StringComparer.OrdinalIgnoreCase)
    {
        [ChartTheme.Ink] = 'i',
        [ChartTheme.Muted] = 'm',
        [ChartTheme.Grid] = 'g',
        [ChartTheme.Paper] = 'p',
    };

    public static XElement Clean(string xml, string key, string title, string description)
    {
        var root = XDocument.Parse(xml).Root!;
        var ids = root.Descendants().Attributes("id").Select((a, i) => (a.Value, Id: $"{key}-{i + 1}")).ToDictionary(p => p.Value, p => p.Id, StringComparer.Ordinal);
        var svg = Copy(root, ids);
        var (width, height) = (svg.Attribute("width")!.Value, svg.Attribute("height")!.Value);
        svg.Attribute("width")!.Remove();
        svg.Attribute("height")!.Remove();
        svg.Add(new XAttribute("viewBox", $"0 0 {width} {height}"), new XAttribute("role", "img"), new XAttribute("aria-labelledby", $"{key}-t {key}-d"));
        svg.AddFirst(new XElement("title", new XAttribute("id", $"{key}-t"), title), new XElement("desc", new XAttribute("id", $"{key}-d"), description));
        return svg;
    }

    public static string Standalone(XElement svg)
    {
        XNamespace space = Namespace;
        var copy = InNamespace(svg, space);
        copy.AddFirst(new XElement(space + "style", Style));
        copy.SetAttributeValue("width", ChartTheme.Width);
        copy.SetAttributeValue("height", ChartTheme.Height);
        return copy.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static XElement InNamespace(XElement element, XNamespace space) => new(
        space + element.Name.LocalName,
        element.Attributes(),
        element.Nodes().Select(node => node is XElement child ? InNamespace(child, space) : node));

    private static XElement Copy(XElement element, Dictionary<string, string> ids)
    {
        var copy = new XElement(element.Name.LocalName);
        foreach (var attribute in element.Attributes().Where(a => !a.IsNamespaceDeclaration))
        {
            AddAttribute(copy, attribute, ids);
        }

        if (element.Name.LocalName == "text")
        {
            PlaceAsAWhole(copy, element);
            return copy;
        }

        copy.Add(element.Elements().Select(child => Copy(child, ids)));
        return copy;
    }

    private static void AddAttribute(XElement copy, XAttribute attribute, Dictionary<string, string> ids)
    {
        var (name, value) = (attribute.Name.LocalName, attribute.Value);
        if (name is "fill" or "stroke" && Classes.TryGetValue(value, out var letter))
        {
            copy.SetAttributeValue("class", $"{copy.Attribute("class")?.Value} {name[0]}{letter}".TrimStart());
        }
        else if (name == "id")
        {
            copy.SetAttributeValue(name, ids[value]);
        }
        else if (value.StartsWith(Reference, StringComparison.Ordinal))
        {
            copy.SetAttributeValue(name, $"{Reference}{ids[value[Reference.Length..^1]]})");
        }
        else if (name == "stroke-opacity" && DashMarks.DashesOf(value) is { } dashes)
        {
            copy.SetAttributeValue("stroke-dasharray", dashes);
        }
        else if (name is not "font-family")
        {
            copy.SetAttributeValue(name, value);
        }
    }

    /// <summary>The library places every glyph for its own font; whole text at the same anchor suits any font.</summary>
    private static void PlaceAsAWhole(XElement copy, XElement text)
    {
        var content = text.Value.Trim();
        copy.Value = content;
        var places = Numbers(text, "x");
        if (places.Length == 0)
        {
            return;
        }

        var size = double.TryParse(text.Attribute("font-size")?.Value, CultureInfo.InvariantCulture, out var given) ? given : 12;
        var width = places[^1] - places[0] + (GlyphWidth * size);
        var (anchor, share) = (places[0] / width) switch { > -0.25 => ("start", 0.0), > -0.75 => ("middle", 0.5), _ => ("end", 1.0) };
        var at = places[0] + (share * width);
        copy.SetAttributeValue("x", Math.Round(at, 1).ToString(CultureInfo.InvariantCulture));
        copy.SetAttributeValue("y", Math.Round(Numbers(text, "y").FirstOrDefault(), 1).ToString(CultureInfo.InvariantCulture));
        copy.SetAttributeValue("text-anchor", anchor);
    }

    private static double[] Numbers(XElement element, string attribute) =>
    [
        .. (element.Attribute(attribute)?.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
    ];
}
