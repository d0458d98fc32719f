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

    public required ToolQuestion Tools { get; init; }

    public required int? TopLogProbabilities { get; init; }

    public required ProviderFields? ProviderFields { get; init; }

    public required ImmutableArray<RequestLabel> Labels { get; init; }

    /// <summary>How urgent it is; none leaves it to the account.</summary>
    public required RequestPriority Priority { get; init; }

    /// <summary>Which endpoints may be called; null for all that the account may use.</summary>
    public required EndpointFilter? Allow { get; init; }
}

/// <summary>Reads OpenAI's chat completion request and reports everything that is wrong with it at once.</summary>
internal static class ChatRequestReader
{
    private const int MaxModelLength = 256;

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
        var messages = MessageReader.Read(fields, limits, problems);
        var sampling = SamplingReader.Read(fields, limits, problems);
        var format = FormatReader.Read(fields, problems);
        if (fields.Whole("n", 1, 128) is > 1)
        {
            problems.Unsupported("n", "'n' asks for several answers, which this server does not give; remove it or set it to 1");
        }

        var question = new ChatQuestion(model, messages, sampling, format)
        {
            Tools = ToolReader.Read(fields, limits.MaxTools, problems),
            TopLogProbabilities = CallerFieldsReader.ReadTopLogProbabilities(fields, problems),
            ProviderFields = CallerFieldsReader.ReadProviderFields(fields, problems),
            Stream = StreamWishReader.Read(fields, problems),
            Labels = CallerFieldsReader.ReadLabels(fields, problems),
            Priority = CallerFieldsReader.ReadPriority(fields),
            Allow = ExtensionReader.ReadAllow(fields, problems),
        };
        CallerFieldsReader.CheckPromises(fields, problems);
        RequestFields.CheckAll(body, problems);
        return problems.Any ? (null, problems.ToError()) : (question, null);
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
