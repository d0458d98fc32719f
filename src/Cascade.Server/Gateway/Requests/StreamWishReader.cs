using System.Text.Json;

namespace Cascade.Server.Gateway.Requests;

/// <summary>How a caller wants its answer streamed.</summary>
/// <param name="IncludeUsage">Whether a last chunk tells the usage.</param>
internal sealed record StreamWish(bool IncludeUsage);

/// <summary>Reads <c>stream</c> and <c>stream_options</c>.</summary>
internal static class StreamWishReader
{
    public static StreamWish? Read(JsonFields fields, FieldProblems problems)
    {
        var wanted = fields.Flag("stream") is true;
        if (fields.Find("stream_options") is not { } options)
        {
            return wanted ? new StreamWish(IncludeUsage: false) : null;
        }

        if (!wanted)
        {
            problems.Invalid("stream_options", "'stream_options' is only of use with 'stream'; set 'stream' to true, or remove it");
            return null;
        }

        if (options.ValueKind != JsonValueKind.Object)
        {
            problems.Invalid("stream_options", $"'stream_options' is {JsonFields.Describe(options)}; it must be an object");
            return null;
        }

        var usage = false;
        foreach (var option in options.EnumerateObject())
        {
            switch (option.Name)
            {
                case "include_usage" when option.Value.ValueKind is JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null:
                    usage = option.Value.ValueKind == JsonValueKind.True;
                    break;
                case "include_usage":
                    problems.Invalid("stream_options.include_usage", $"'stream_options.include_usage' is {JsonFields.Describe(option.Value)}; it must be true or false");
                    break;
                case "include_obfuscation" when option.Value.ValueKind is JsonValueKind.False or JsonValueKind.Null:
                    break;
                default:
                    problems.Unsupported("stream_options", "'stream_options' has a field that this server does not support; send only 'include_usage'");
                    break;
            }
        }

        return new StreamWish(usage);
    }
}
