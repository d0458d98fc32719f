using System.Globalization;
using System.Text.RegularExpressions;

namespace Cascade.Providers.Synthetic;

/// <summary>
/// A kind of word problem. The text is both how a problem is written and how it is read back, so that a solver needs nothing but the text.
/// </summary>
internal sealed partial class ProblemTemplate
{
    private const string Person = "who";

    private readonly string _text;
    private readonly Func<SeededDraw, Dictionary<string, long>> _draw;
    private readonly Regex _pattern;

    public ProblemTemplate(string text, Func<SeededDraw, Dictionary<string, long>> draw, params SolutionStep[] steps)
    {
        _text = text;
        _draw = draw;
        Steps = steps;
        _pattern = new Regex(Pattern(text), RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
    }

    public IReadOnlyList<SolutionStep> Steps { get; }

    /// <summary>Writes a problem.</summary>
    public (string Text, Dictionary<string, long> Numbers) Write(SeededDraw draw, string person)
    {
        var numbers = _draw(draw);
        var text = Placeholder().Replace(_text, hole => hole.Groups[1].Value == Person
            ? person
            : numbers[hole.Groups[1].Value].ToString(CultureInfo.InvariantCulture));
        return (text, numbers);
    }

    /// <summary>Reads the numbers of a problem back from a text that holds it; null when the text holds no such problem.</summary>
    public Dictionary<string, long>? Read(string text, out string problem)
    {
        var match = _pattern.Match(text);
        problem = match.Value;
        if (!match.Success)
            return null;
        var numbers = new Dictionary<string, long>();
        foreach (var name in _pattern.GetGroupNames().Where(name => name != Person && !char.IsAsciiDigit(name[0])))
            numbers[name] = long.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        return numbers;
    }

    // Nine digits keep every product of a solution within a long.
    private static string Pattern(string text)
    {
        var seen = new HashSet<string>();
        var escaped = Regex.Escape(text).Replace(@"\{", "{", StringComparison.Ordinal);
        return Placeholder().Replace(escaped, hole =>
        {
            var name = hole.Groups[1].Value;
            if (!seen.Add(name))
                return $@"\k<{name}>";
            return name == Person ? $"(?<{name}>[A-Z][a-z]+)" : $@"(?<{name}>\d{{1,9}})";
        });
    }

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
