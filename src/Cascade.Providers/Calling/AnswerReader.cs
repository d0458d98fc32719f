using System.Collections.Immutable;
using System.Text.Json;
using Cascade.Providers.OpenAi;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Cascade.Providers.Calling;

/// <summary>Reads what an answer says beyond its text.</summary>
internal static class AnswerReader
{
    /// <summary>How chat clients name a refusal among the contents of an answer.</summary>
    public const string RefusalCode = nameof(ChatCompletion.Refusal);

    private static readonly JsonSerializerOptions OneLine = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static ImmutableArray<ModelToolCall> ToolCalls(ChatResponse response)
    {
        var calls = Contents<FunctionCallContent>(response).Where(static call => !call.InformationalOnly).Select(ToCall).ToList();
        return calls.Count == 0 ? [] : [.. calls];
    }

    public static string Refusal(ChatResponse response) =>
        string.Concat(Contents<ErrorContent>(response).Where(static error => error.ErrorCode == RefusalCode).Select(static error => error.Message));

    public static ModelLogProbabilities? LogProbabilities(ChatResponse response) => response.RawRepresentation switch
    {
        ModelLogProbabilities streamed => streamed,
        ChatCompletion completion => OpenAiLogProbabilities.Of(completion),
        _ => null,
    };

    private static IEnumerable<T> Contents<T>(ChatResponse response)
        where T : AIContent => response.Messages.SelectMany(static message => message.Contents).OfType<T>();

    // What the model wrote, broken or not, where the client kept it: reading and writing it again would repair or lose it.
    private static ModelToolCall ToCall(FunctionCallContent call) => call.RawRepresentation switch
    {
        ModelToolCall own => own,
        ChatToolCall raw => new ModelToolCall(raw.Id, raw.FunctionName, raw.FunctionArguments.ToString()),
        _ => new ModelToolCall(call.CallId, call.Name, call.Arguments is null ? "" : JsonSerializer.Serialize(call.Arguments, OneLine)),
    };
}
