using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Cascade.Planning.Plans;

/// <summary>Reads and writes plans as JSON; the form is docs/formats/plan.md.</summary>
public static class PlanJson
{
    /// <summary>Deepest nesting that is read.</summary>
    public const int MaxDepth = 48;

    /// <summary>Most bytes that are read unless told otherwise: 64 MiB.</summary>
    public const int DefaultMaxBytes = 64 << 20;

    /// <summary>How plans look as JSON.</summary>
    internal static JsonSerializerOptions Options { get; } = MakeOptions();

    private static JsonTypeInfo<PlanDocument> DocumentInfo => (JsonTypeInfo<PlanDocument>)Options.GetTypeInfo(typeof(PlanDocument));

    /// <summary>Writes a plan. Every member is written, lists and nulls too.</summary>
    /// <param name="document">The plan.</param>
    /// <returns>UTF-8 JSON, indented.</returns>
    /// <exception cref="PlanFormatException">It is no sound plan; names every problem.</exception>
    public static byte[] Write(PlanDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        PlanCheck.Compile(document);
        return JsonSerializer.SerializeToUtf8Bytes(document, DocumentInfo);
    }

    /// <summary>Reads a plan. To decide with it, <see cref="PlanPolicy.Read"/> reads and checks in one go.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="maxBytes">Most bytes that are read.</param>
    /// <returns>The plan, of the current version whatever version was read.</returns>
    /// <exception cref="PlanFormatException">It is no JSON, not of this form, of a version that is not read, too large, or no sound plan.</exception>
    public static PlanDocument Read(ReadOnlySpan<byte> json, int maxBytes = DefaultMaxBytes) => Read(json, maxBytes, PlanUpgrades.All);

    internal static PlanDocument Read(ReadOnlySpan<byte> json, int maxBytes, ImmutableArray<PlanUpgrade> upgrades)
    {
        var document = Parse(json, maxBytes, upgrades);
        PlanCheck.Compile(document);
        return document;
    }

    /// <summary>Reads what is of the form, sound or not, up to a size.</summary>
    internal static PlanDocument Parse(ReadOnlySpan<byte> json, int maxBytes, ImmutableArray<PlanUpgrade> upgrades) => json.Length <= maxBytes
        ? Parse(json, upgrades)
        : throw new PlanFormatException([new PlanProblem("$", $"has {json.Length} bytes where {maxBytes} are read; fit with fewer points or neighbours, or raise the limit")]);

    /// <summary>Reads what is of the form, sound or not.</summary>
    internal static PlanDocument Parse(ReadOnlySpan<byte> json, ImmutableArray<PlanUpgrade> upgrades)
    {
        try
        {
            var limits = new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false };
            if (JsonNode.Parse(json, null, limits) is not JsonObject node)
            {
                throw NotAnObject();
            }

            PlanUpgrades.Apply(node, upgrades);
            if (PlanNulls.In(node) is { Count: > 0 } problems)
            {
                throw new PlanFormatException([.. problems]);
            }

            return node.Deserialize(DocumentInfo) ?? throw NotAnObject();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException or ArgumentException or FormatException)
        {
            throw new PlanFormatException([PlanComplaint.Of(exception)], exception);
        }
    }

    private static PlanFormatException NotAnObject() => new([new PlanProblem("$", "is not a JSON object; give a plan document")]);

    private static JsonSerializerOptions MakeOptions()
    {
        // A member that is left out would silently become a default, such as no threshold. What is computed from other members is no data.
        var options = new JsonSerializerOptions(PlanJsonContext.Default.Options)
        {
            TypeInfoResolver = PlanJsonContext.Default.WithAddedModifier(static info =>
            {
                for (var i = info.Properties.Count - 1; i >= 0; i--)
                {
                    if (info.Properties[i].Set is null && info.Properties[i].AssociatedParameter is null)
                    {
                        info.Properties.RemoveAt(i);
                    }
                    else
                    {
                        info.Properties[i].IsRequired = true;
                    }
                }
            }),
        };
        options.MakeReadOnly();
        return options;
    }
}
