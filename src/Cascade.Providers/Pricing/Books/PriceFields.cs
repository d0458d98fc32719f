using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Cascade.Providers.Pricing;

/// <summary>The keys of one mapping of a price file, read one by one; whatever is wrong is added to the problems with its line.</summary>
internal sealed class PriceFields
{
    private readonly Dictionary<string, YamlNode> _values = new(StringComparer.Ordinal);
    private readonly List<string> _problems;
    private readonly string _file;

    public PriceFields(string file, YamlMappingNode mapping, string[] known, List<string> problems)
    {
        (_file, _problems) = (file, problems);
        Place = $"{file}:{mapping.Start.Line}";
        foreach (var (key, value) in mapping.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (known.Contains(name, StringComparer.Ordinal))
                _values[name] = value;
            else
                problems.Add($"{file}:{key.Start.Line}: '{name}' is no known key; use {string.Join(", ", known)}");
        }
    }

    /// <summary>The file and line at which the mapping begins.</summary>
    public string Place { get; }

    public void Problem(string problem) => _problems.Add($"{Place}: {problem}");

    public string? Text(string key)
    {
        if (!_values.TryGetValue(key, out var node))
            return null;
        if (node is YamlScalarNode { Value: { } text })
            return text.Trim();
        _problems.Add($"{_file}:{node.Start.Line}: {key} is no single value; write one");
        return null;
    }

    public string Required(string key)
    {
        if (Text(key) is { Length: > 0 } text)
        {
            if (text.Any(letter => char.IsControl(letter) || letter is '@' or '#'))
                Problem($"{key} is '{text}'; it cannot hold '@', '#' or control characters");
            return text;
        }

        Problem($"{key} is missing; give it");
        return "";
    }

    public IEnumerable<YamlNode>? List(string key)
    {
        if (!_values.TryGetValue(key, out var node))
            return null;
        if (node is YamlSequenceNode list)
            return list.Children;
        _problems.Add($"{_file}:{node.Start.Line}: {key} is no list; begin each entry with '-'");
        return [];
    }

    /// <summary>A price of a million tokens, in nano-dollars; 0 with a problem when it is missing.</summary>
    public long RequiredPrice(string key)
    {
        if (!_values.ContainsKey(key))
            Problem($"{key} is missing; give the price of a million tokens in USD, or 0");
        return Price(key) ?? 0;
    }

    public long? Price(string key) => Nanos(key, PriceLimits.MostTokenUsd);

    public long Fee(string key) => Nanos(key, PriceLimits.MostFeeUsd) ?? 0;

    public long? Tokens(string key)
    {
        if (long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) && tokens > 0)
            return tokens;
        Problem($"{key} is missing or no whole number above 0; give a number of prompt tokens");
        return null;
    }

    public DateTimeOffset Moment(string key)
    {
        if (Text(key) is not { } text)
            return DateTimeOffset.MinValue;

        // A moment without an offset would mean another instant on every machine.
        if (DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            return moment;
        Problem($"{key} is '{text}'; write a moment with its offset, for example 2026-01-01T00:00:00Z");
        return DateTimeOffset.MinValue;
    }

    private static readonly string[] Forms = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mmzzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm'Z'"];

    private long? Nanos(string key, decimal most)
    {
        if (Text(key) is not { } text)
            return null;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var usd))
            Problem($"{key} is '{text}'; write USD as a decimal number, for example 0.15");
        else if (!UsdPrice.TryToNanos(usd, out var nanos, out var problem))
            Problem($"{key} {problem}");
        else if (usd > most)
            Problem(string.Create(CultureInfo.InvariantCulture, $"{key} is more than any provider charges ({usd}); give at most {most} USD"));
        else
            return nanos;
        return null;
    }
}
