using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Cascade.Providers.Pricing;

/// <summary>One entry of a price file.</summary>
internal sealed record PriceFileEntry(string Key, DateTimeOffset From, PriceList Prices, string Place);

/// <summary>Reads one file of a price book. JSON is read as the YAML that it is.</summary>
internal sealed class PriceFileReader
{
    private const string Format = "cascade.prices";
    private const string Version = "1";
    private const string WholeCall = "whole-call";
    private const string PartAbove = "part-above";

    private static readonly string[] FileKeys = ["format", "version", "prices"];
    private static readonly string[] TokenKeys = ["input", "cachedInput", "cacheWrite", "imageInput", "output", "reasoning"];
    private static readonly string[] TierKeys = ["above", .. TokenKeys];
    private static readonly string[] EntryKeys =
        ["provider", "model", "region", "tier", "from", .. TokenKeys, "request", "image", "toolCall", "tierRule", "tiers", "source"];

    private readonly string _file;
    private readonly List<string> _problems;

    private PriceFileReader(string file, List<string> problems) => (_file, _problems) = (file, problems);

    public static IEnumerable<PriceFileEntry> Read(string file, string text, List<string> problems)
    {
        var reader = new PriceFileReader(file, problems);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException broken)
        {
            problems.Add($"{file}:{broken.Start.Line}: is neither YAML nor JSON ({broken.Message}); correct it there");
            return [];
        }

        if (stream.Documents.Count != 1 || stream.Documents[0].RootNode is not YamlMappingNode root)
        {
            problems.Add($"{file}: is not one document with the keys {string.Join(", ", FileKeys)}; begin it with 'format: {Format}'");
            return [];
        }

        return [.. reader.Entries(new PriceFields(file, root, FileKeys, problems))];
    }

    private IEnumerable<PriceFileEntry> Entries(PriceFields root)
    {
        if (root.Text("format") is var format && format != Format)
            root.Problem($"format is '{format}'; write '{Format}'");
        if (root.Text("version") is var version && version != Version)
            root.Problem($"version is '{version}'; this program reads {Version}");
        if (root.List("prices") is not { } list)
        {
            root.Problem("prices is missing or no list; list the entries there, or [] for none");
            yield break;
        }

        foreach (var node in list)
        {
            if (node is not YamlMappingNode mapping)
                _problems.Add($"{_file}:{node.Start.Line}: is no entry; give provider, model, input and output");
            else if (Entry(new PriceFields(_file, mapping, EntryKeys, _problems)) is { } entry)
                yield return entry;
        }
    }

    private PriceFileEntry? Entry(PriceFields fields)
    {
        var before = _problems.Count;
        var (provider, model) = (fields.Required("provider"), fields.Required("model"));
        var from = fields.Moment("from");
        var tokens = Tokens(fields);
        var tiers = Tiers(fields);
        var rule = fields.Text("tierRule");
        if (rule is not (null or WholeCall or PartAbove))
            fields.Problem($"tierRule is '{rule}'; use {WholeCall} or {PartAbove}");
        if (tiers.Count > 0 && rule is null)
            fields.Problem($"tiers has no tierRule; say {WholeCall} when a long prompt moves the whole call to the tier's prices, {PartAbove} when only what lies above pays them");
        var (request, image, toolCall) = (fields.Fee("request"), fields.Fee("image"), fields.Fee("toolCall"));
        if (_problems.Count > before)
            return null;

        var key = $"{provider}/{model}" + Suffix('@', fields.Text("region")) + Suffix('#', fields.Text("tier"));
        var prices = new PriceList(tokens)
        {
            Tiers = [.. tiers],
            TierRule = rule == PartAbove ? TierRule.PartAbove : TierRule.WholeCall,
            RequestNanos = request,
            ImageNanos = image,
            ToolCallNanos = toolCall,
        };
        return new PriceFileEntry(key, from, prices, fields.Place);
    }

    private List<PriceTier> Tiers(PriceFields entry)
    {
        var tiers = new List<PriceTier>();
        foreach (var node in entry.List("tiers") ?? [])
        {
            if (node is not YamlMappingNode mapping)
            {
                _problems.Add($"{_file}:{node.Start.Line}: is no tier; give above, input and output");
                continue;
            }

            var fields = new PriceFields(_file, mapping, TierKeys, _problems);
            var above = fields.Tokens("above");
            var prices = Tokens(fields);
            if (tiers.Count > 0 && above is { } border && border <= tiers[^1].AboveInputTokens)
                fields.Problem($"above is {border}, not more than the tier before it; order the tiers by rising 'above'");
            else if (above is { } start)
                tiers.Add(new PriceTier(start, prices));
        }

        return tiers;
    }

    private static TokenPrices Tokens(PriceFields fields) => new(fields.RequiredPrice("input"), fields.RequiredPrice("output"))
    {
        CachedInput = fields.Price("cachedInput"),
        CacheWrite = fields.Price("cacheWrite"),
        ImageInput = fields.Price("imageInput"),
        Reasoning = fields.Price("reasoning"),
    };

    private static string Suffix(char mark, string? text) => string.IsNullOrEmpty(text) ? "" : mark + text;
}
