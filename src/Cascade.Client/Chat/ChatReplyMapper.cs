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
            Usage = new UsageDetails
            {
                InputTokenCount = reply.Usage.InputTokens,
                OutputTokenCount = reply.Usage.OutputTokens,
                TotalTokenCount = reply.Usage.InputTokens + reply.Usage.OutputTokens,
            },
            AdditionalProperties = new AdditionalPropertiesDictionary
            {
                [CascadeProperties.CostNanos] = reply.CostNanos,
                [CascadeProperties.Escalated] = reply.Escalated,
                [CascadeProperties.BudgetLimited] = reply.BudgetLimited,
                [CascadeProperties.Attempts] = reply.Attempts.Count(static attempt => attempt.Booking != Booking.None),
                [CascadeProperties.TraceId] = reply.TraceId,
            },
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
