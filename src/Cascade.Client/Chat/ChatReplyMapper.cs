using System.Text.Json;
using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Client;

internal static class ChatReplyMapper
{
    public static ChatResponse ToResponse(OperationId operation, CascadeReply reply, DateTimeOffset now) =>
        new(new ChatMessage(ChatRole.Assistant, [.. ToContents(reply)]) { MessageId = operation.Value })
        {
            ResponseId = operation.Value,
            ModelId = reply.Endpoint.Value,
            CreatedAt = now,
            FinishReason = ToFinishReason(reply.FinishReason),
            RawRepresentation = reply,
            Usage = UsageOf(reply),
            AdditionalProperties = PropertiesOf(reply),
        };

    public static ChatResponseUpdate ToUpdate(OperationId operation, EndpointId endpoint, string text, DateTimeOffset now) =>
        new(ChatRole.Assistant, text)
        {
            MessageId = operation.Value,
            ResponseId = operation.Value,
            ModelId = endpoint.Value,
            CreatedAt = now,
        };

    /// <summary>What a streamed answer says beyond its text; null when that is nothing.</summary>
    public static ChatResponseUpdate? ToRestUpdate(OperationId operation, CascadeReply reply, DateTimeOffset now)
    {
        List<AIContent> rest = [.. RestOf(reply)];
        return rest.Count == 0 ? null : new ChatResponseUpdate(ChatRole.Assistant, rest)
        {
            MessageId = operation.Value,
            ResponseId = operation.Value,
            ModelId = reply.Endpoint.Value,
            CreatedAt = now,
        };
    }

    public static ChatResponseUpdate ToLastUpdate(OperationId operation, CascadeReply reply, DateTimeOffset now) =>
        new()
        {
            // Without a role and a message's name, so that what it says is of the response and not of its last message.
            Contents = [new UsageContent(UsageOf(reply))],
            ResponseId = operation.Value,
            ModelId = reply.Endpoint.Value,
            CreatedAt = now,
            FinishReason = ToFinishReason(reply.FinishReason),
            RawRepresentation = reply,
            AdditionalProperties = PropertiesOf(reply),
        };

    private static UsageDetails UsageOf(CascadeReply reply) => new()
    {
        InputTokenCount = reply.Usage.InputTokens,
        OutputTokenCount = reply.Usage.OutputTokens,
        TotalTokenCount = reply.Usage.InputTokens + reply.Usage.OutputTokens,
    };

    private static AdditionalPropertiesDictionary PropertiesOf(CascadeReply reply)
    {
        var properties = new AdditionalPropertiesDictionary
        {
            [CascadeProperties.CostNanos] = reply.CostNanos,
            [CascadeProperties.Escalated] = reply.Escalated,
            [CascadeProperties.BudgetLimited] = reply.BudgetLimited,
            [CascadeProperties.Attempts] = reply.Attempts.Count(static attempt => attempt.Booking != Booking.None),
            [CascadeProperties.TraceId] = reply.TraceId,
        };
        if (reply.LogProbabilities is { } tokens)
        {
            properties[CascadeProperties.LogProbabilities] = tokens;
        }

        return properties;
    }

    private static IEnumerable<AIContent> ToContents(CascadeReply reply)
    {
        List<AIContent> rest = [.. RestOf(reply)];
        return reply.Text.Length > 0 || rest.Count == 0 ? rest.Prepend(new TextContent(reply.Text)) : rest;
    }

    /// <summary>What an answer says beyond its text.</summary>
    private static IEnumerable<AIContent> RestOf(CascadeReply reply)
    {
        if (reply.RefusalText.Length > 0)
        {
            yield return new ErrorContent(reply.RefusalText) { ErrorCode = ChatMessageMapper.RefusalCode };
        }

        foreach (var call in reply.ToolCalls.IsDefault ? [] : reply.ToolCalls)
        {
            var content = FunctionCallContent.CreateFromParsedArguments(call.ArgumentsJson, call.CallId, call.Name, Parse);

            // What the model wrote travels back as it was, so that it reads its own words again.
            content.RawRepresentation = call;
            yield return content;
        }
    }

    // Models leave the arguments of a tool that takes none empty.
    private static Dictionary<string, object?> Parse(string json) =>
        string.IsNullOrWhiteSpace(json) ? [] : JsonSerializer.Deserialize<Dictionary<string, object?>>(json)!;

    private static ChatFinishReason? ToFinishReason(string reason) => reason switch
    {
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        "" => null,
        _ => new ChatFinishReason(reason),
    };
}
