using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Requests;

/// <summary>What a message says.</summary>
/// <param name="Text">The text; empty when the parts say it.</param>
/// <param name="Parts">The parts, when there is an image among them; empty otherwise.</param>
/// <param name="Refusal">The refusal among the parts; null when there is none.</param>
internal readonly record struct MessageContent(string Text, ImmutableArray<ContentPart> Parts, string? Refusal)
{
    public static readonly MessageContent Empty = new("", [], null);
}

internal static class ContentReader
{
    /// <param name="message">The message.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="mayBeEmpty">Whether it may have no content, because it calls a tool or refuses.</param>
    /// <param name="maxParts">The most parts.</param>
    /// <param name="problems">Where problems go.</param>
    public static MessageContent Read(JsonElement message, string path, bool mayBeEmpty, int maxParts, FieldProblems problems)
    {
        path += ".content";
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            if (!mayBeEmpty)
            {
                problems.Missing(path, $"'{path}' is missing; send a string or an array of parts");
            }

            return MessageContent.Empty;
        }

        if (content.ValueKind == JsonValueKind.String)
        {
            return MessageContent.Empty with { Text = content.GetString()! };
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            problems.Invalid(path, $"'{path}' is {JsonFields.Describe(content)}; send a string or an array of parts");
            return MessageContent.Empty;
        }

        var count = content.GetArrayLength();
        if (count > maxParts)
        {
            problems.Invalid(path, string.Create(CultureInfo.InvariantCulture, $"'{path}' has {count} parts; send at most {maxParts}"));
            return MessageContent.Empty;
        }

        return ReadParts(content, path, problems);
    }

    private static MessageContent ReadParts(JsonElement content, string path, FieldProblems problems)
    {
        var parts = ImmutableArray.CreateBuilder<ContentPart>(content.GetArrayLength());
        string? refusal = null;
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            var place = $"{path}[{index++}]";
            if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            {
                problems.Invalid(place, $"'{place}' must be an object with 'type'");
                continue;
            }

            switch (type.GetString())
            {
                case "text":
                    parts.Add(ContentPart.OfText(ReadText(part, place, "text", problems)));
                    break;
                case "refusal":
                    refusal += ReadText(part, place, "refusal", problems);
                    break;
                case "image_url":
                    parts.Add(ReadImage(part, place, problems));
                    break;
                default:
                    Refuse(type.GetString()!, place, problems);
                    break;
            }
        }

        // A message of text alone is one text, however it was cut.
        return parts.All(static part => part.Kind == ContentPartKind.Text)
            ? new MessageContent(string.Concat(parts.Select(static part => part.Text)), [], refusal)
            : new MessageContent("", parts.DrainToImmutable(), refusal);
    }

    private static void Refuse(string type, string path, FieldProblems problems)
    {
        var known = type is "input_audio" or "file";
        problems.Unsupported(
            $"{path}.type",
            $"'{path}' is {(known ? $"of type {type}" : "of an unknown type")}, which this server does not support; send text and image_url only");
    }

    private static string ReadText(JsonElement part, string path, string field, FieldProblems problems)
    {
        if (part.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String)
        {
            return text.GetString()!;
        }

        problems.Missing($"{path}.{field}", $"'{path}.{field}' is missing or no string; put the text there");
        return "";
    }

    private static ContentPart ReadImage(JsonElement part, string path, FieldProblems problems)
    {
        if (!part.TryGetProperty("image_url", out var image)
            || image.ValueKind != JsonValueKind.Object
            || !image.TryGetProperty("url", out var url)
            || url.ValueKind != JsonValueKind.String)
        {
            problems.Missing($"{path}.image_url.url", $"'{path}.image_url.url' is missing or no string; send an address or a data URI");
            return ContentPart.OfImage("", ImageDetail.None);
        }

        var detail = new JsonFields(image, problems, $"{path}.image_url.")
            .Word("detail", ("auto", ImageDetail.Auto), ("low", ImageDetail.Low), ("high", ImageDetail.High));
        return ContentPart.OfImage(url.GetString()!, detail);
    }
}
