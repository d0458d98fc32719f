using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>What a chat completion request asks for, before it is known who pays and how it is named.</summary>
internal sealed record ChatQuestion(string Model, ImmutableArray<CascadeMessage> Messages, SamplingOptions Sampling, AnswerFormat? Format)
{
    /// <summary>How the answer is delivered; null for in one piece.</summary>
    public StreamWish? Stream { get; init; }
}

/// <summary>Reads OpenAI's chat completion request and reports everything that is wrong with it at once.</summary>
internal static class ChatRequestReader
{
    private const int MaxModelLength = 256;
    private const int MaxStops = 4;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static (ChatQuestion? Question, ApiError? Error) Read(ReadOnlyMemory<byte> body, HttpConfig limits)
    {
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(body), Strict);
            return Read(document.RootElement, limits);
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for bytes that are no UTF-8, or for half of a surrogate pair.
            return (null, new ApiError(GatewayErrors.InvalidJson, "a text in the body is not valid Unicode; send whole characters in UTF-8"));
        }
        catch (JsonException malformed)
        {
            return (null, new ApiError(GatewayErrors.InvalidJson, Describe(malformed)));
        }
    }

    private static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> body) =>
        body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;

    private static (ChatQuestion? Question, ApiError? Error) Read(JsonElement body, HttpConfig limits)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return (null, new ApiError(GatewayErrors.InvalidJson, $"the body is {JsonFields.Describe(body)}; it must be a JSON object"));
        }

        var problems = new FieldProblems();
        var fields = new JsonFields(body, problems);
        var model = ReadModel(fields, problems);
        var messages = MessageReader.Read(fields, limits.MaxMessages, problems);
        var sampling = ReadSampling(fields, limits, problems);
        var format = FormatReader.Read(fields, problems);
        if (fields.Whole("n", 1, 128) is > 1)
        {
            problems.Unsupported("n", "'n' asks for several answers, which this server does not give; remove it or set it to 1");
        }

        var stream = StreamWishReader.Read(fields, problems);
        RequestFields.CheckAll(body, problems);
        return problems.Any ? (null, problems.ToError()) : (new ChatQuestion(model, messages, sampling, format) { Stream = stream }, null);
    }

    private static string ReadModel(JsonFields fields, FieldProblems problems)
    {
        if (fields.Find("model") is null)
        {
            problems.Missing("model", "'model' is missing; GET /v1/models lists what can be asked");
            return "";
        }

        var model = fields.Text("model");
        if (model is { Length: 0 or > MaxModelLength })
        {
            problems.Invalid("model", $"'model' must have 1 to {MaxModelLength} characters; GET /v1/models lists what can be asked");
        }

        return model ?? "";
    }

    private static SamplingOptions ReadSampling(JsonFields fields, HttpConfig limits, FieldProblems problems)
    {
        var maxTokens = fields.Whole("max_tokens", 1, limits.MaxOutputTokens);
        var maxCompletionTokens = fields.Whole("max_completion_tokens", 1, limits.MaxOutputTokens);
        if (maxTokens is { } old && maxCompletionTokens is { } current && old != current)
        {
            problems.Invalid("max_tokens", string.Create(
                CultureInfo.InvariantCulture,
                $"'max_tokens' is {old} and 'max_completion_tokens' is {current}; they mean the same, so send only one of them"));
        }

        var topP = fields.Number("top_p", 0, 1);
        if (topP is 0)
        {
            problems.Invalid("top_p", "'top_p' is 0, which leaves no token to choose; it must be above 0 and at most 1");
        }

        return new SamplingOptions
        {
            MaxOutputTokens = (int?)(maxCompletionTokens ?? maxTokens),
            Temperature = fields.Number("temperature", 0, 2),
            TopP = topP,
            Seed = fields.Whole("seed", long.MinValue, long.MaxValue),
            Stop = ReadStops(fields, problems),
        };
    }

    private static ImmutableArray<string> ReadStops(JsonFields fields, FieldProblems problems)
    {
        if (fields.Find("stop") is not { } stop)
        {
            return [];
        }

        if (stop.ValueKind == JsonValueKind.String)
        {
            return stop.GetString() is { Length: > 0 } text ? [text] : [];
        }

        if (stop.ValueKind == JsonValueKind.Array
            && stop.GetArrayLength() <= MaxStops
            && stop.EnumerateArray().All(e => e.ValueKind == JsonValueKind.String && e.GetString()!.Length > 0))
        {
            return [.. stop.EnumerateArray().Select(e => e.GetString()!)];
        }

        problems.Invalid("stop", $"'stop' must be a string or an array of at most {MaxStops} strings that are not empty");
        return [];
    }

    private static string Describe(JsonException malformed)
    {
        // The parser's own message can repeat text of the request, so only the position is told.
        if (malformed.LineNumber is { } line && malformed.BytePositionInLine is { } column)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"the body is not valid JSON: the error is at line {line + 1}, byte {column + 1}; check quotes, commas and brackets there");
        }

        return "the body is not valid JSON: it names a property twice, is too deep or is not UTF-8; send each property once";
    }
}
