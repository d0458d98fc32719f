using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Client;

internal static class ChatReplyMapper
{
    public static ChatResponse ToResponse(OperationId operation, CascadeReply reply, DateTimeOffset now) =>
        new(new ChatMessage(ChatRole.Assistant, reply.Text) { MessageId = operation.Value })
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

    private static AdditionalPropertiesDictionary PropertiesOf(CascadeReply reply) => new()
    {
        [CascadeProperties.CostNanos] = reply.CostNanos,
        [CascadeProperties.Escalated] = reply.Escalated,
        [CascadeProperties.BudgetLimited] = reply.BudgetLimited,
        [CascadeProperties.Attempts] = reply.Attempts.Count(static attempt => attempt.Booking != Booking.None),
        [CascadeProperties.TraceId] = reply.TraceId,
    };

    private static ChatFinishReason? ToFinishReason(string reason) => reason switch
    {
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "content_filter" => ChatFinishReason.ContentFilter,
        "" => null,
        _ => new ChatFinishReason(reason),
    };
}
