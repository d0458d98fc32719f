using System.Xml.Linq;
using Cascade.Cli.Charts;

namespace Cascade.Cli.Html;

/// <summary>A page in one file: no script, nothing from elsewhere, light or dark as the reader has it. Built as a tree, so it is always well-formed.</summary>
internal sealed class HtmlPage
{
    private const string PageStyle =
        ":root{color-scheme:light dark;--ink:#1F2329;--muted:#5B6470;--line:#DFE3E8;--paper:#FEFEFE;--soft:#F4F6F8}"
        + "@media(prefers-color-scheme:dark){:root{--ink:#E6E9ED;--muted:#A3ACB8;--line:#343A43;--paper:#14171B;--soft:#1C2026}}"
        + "body{margin:2rem auto;max-width:64rem;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}"
        + "h1{font-size:1.7rem;line-height:1.2}h2{margin-top:2.5rem;border-bottom:1px solid var(--line);padding-bottom:.3rem}"
        + "p.lead{color:var(--muted)}figure{margin:1.5rem 0}figcaption{color:var(--muted);font-size:.9rem}svg{width:100%;height:auto}"
        + ".scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;margin:.5rem 0}"
        + "caption{text-align:left;color:var(--muted);padding:.3rem 0}th,td{padding:.25rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}"
        + "th:first-child,td:first-child{text-align:left}tr.chosen{background:var(--soft);font-weight:600}summary{cursor:pointer;color:var(--muted)}"
        + "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--muted)}dd{margin:0}";

    private readonly XElement _main = new("main", "");

    public void Heading(int level, string text) => _main.Add(new XElement($"h{level}", text));

    public void Lead(string text) => _main.Add(new XElement("p", new XAttribute("class", "lead"), text));

    public void Paragraph(string text) => _main.Add(new XElement("p", text));

    public void List(IEnumerable<string> items)
    {
        var list = new XElement("ul", items.Select(item => new XElement("li", item)));
        if (list.HasElements)
        {
            _main.Add(list);
        }
    }

    /// <summary>A chart, and the numbers in it as a table that opens below it.</summary>
    public void Chart(ChartImage chart, TextTable numbers)
    {
        _main.Add(new XElement(
            "figure",
            chart.Svg,
            new XElement("figcaption", chart.Description),
            new XElement("details", new XElement("summary", "the numbers as a table"), TableOf(numbers))));
    }

    public void Table(TextTable table) => _main.Add(TableOf(table));

    public string Render(string title)
    {
        var html = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", title),
                new XElement("style", PageStyle + SvgDocument.Style)),
            new XElement("body", _main));
        return "<!DOCTYPE html>\n" + html.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static XElement TableOf(TextTable table) => new(
        "div",
        new XAttribute("class", "scroll"),
        new XElement(
            "table",
            new XElement("caption", table.Caption),
            new XElement("thead", new XElement("tr", table.Headings.Select(h => new XElement("th", new XAttribute("scope", "col"), h)))),
            new XElement("tbody", table.Rows.Select((row, i) => Row(row, table.Marked == i)))));

    private static XElement Row(IReadOnlyList<string> cells, bool isMarked) => new(
        "tr",
        isMarked ? new XAttribute("class", "chosen") : null,
        cells.Select((cell, i) => i == 0 ? new XElement("th", new XAttribute("scope", "row"), cell) : new XElement("td", cell)));
}
