using Cascade.Client;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatCompletionsEndpoint(
    ICascadeClient client,
    BearerAccess access,
    AccountSlots slots,
    HttpConfig limits,
    IRequestIdSource ids,
    ChatStreamer streamer,
    TimeProvider time)
{
    private const string JsonMediaType = "application/json";

    public async Task HandleAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out var account, out var refused))
        {
            await ErrorWriter.WriteAsync(http, refused!, time);
            return;
        }

        if (!slots.TryEnter(account))
        {
            await ErrorWriter.WriteAsync(
                http, new ApiError(GatewayErrors.TooManyRequests, $"account '{account}' has too many requests in progress; try again shortly"), time);
            return;
        }

        try
        {
            await HandleAsync(http, account);
        }
        finally
        {
            slots.Leave(account);
        }
    }

    private async Task HandleAsync(HttpContext http, AccountId account)
    {
        using var deadline = new CancellationTokenSource(limits.RequestTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, deadline.Token);
        try
        {
            var (request, stream, error) = await ReadAsync(http, account, stop.Token);
            if (request is null)
            {
                await ErrorWriter.WriteAsync(http, error!, time);
                return;
            }

            if (stream is not null)
            {
                await streamer.AnswerAsync(http, request, stream, stop.Token, deadline.Token);
                return;
            }

            await AnswerAsync(http, request, await client.CompleteAsync(request, stop.Token), deadline.IsCancellationRequested);
        }
        catch (OperationCanceledException late) when (deadline.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            throw new RequestTimeoutException("the request used up its time", late);
        }
    }

    private async Task<(CascadeRequest? Request, StreamWish? Stream, ApiError? Error)> ReadAsync(
        HttpContext http, AccountId account, CancellationToken cancellationToken)
    {
        if (!IsJson(http.Request))
        {
            return (null, null, new ApiError(GatewayErrors.MediaType, "the body must be JSON in UTF-8; send the header 'Content-Type: application/json'"));
        }

        if (!CallerRequestId.TryRead(http.Request.Headers, out var callerId, out var badId))
        {
            return (null, null, badId);
        }

        if (!CallerAccount.TryRead(http.Request.Headers, account, out var payer, out var badAccount))
        {
            return (null, null, badAccount);
        }

        var (body, tooLarge) = await BodyReader.ReadAsync(http.Request, limits.MaxBodyBytes, cancellationToken);
        if (tooLarge is not null)
        {
            return (null, null, tooLarge);
        }

        var (question, invalid) = ChatRequestReader.Read(body, limits);
        return question is null ? (null, null, invalid) : (ToRequest(http, payer, callerId, question), question.Stream, null);
    }

    private CascadeRequest ToRequest(HttpContext http, AccountId account, string callerId, ChatQuestion question)
    {
        var call = GatewayCall.Of(http);
        call.Account = account.Value;
        call.Model = question.Model;
        call.RequestId = callerId.Length > 0 ? $"{callerId}.{ids.Next()}" : call.RequestId;
        return new CascadeRequest
        {
            Operation = new OperationId(call.RequestId),
            Account = account,
            Model = question.Model,
            Messages = question.Messages,
            Sampling = question.Sampling,
            Format = question.Format,
            IdempotencyKey = http.Request.Headers[GatewayHeaders.IdempotencyKey].ToString(),
            Tools = question.Tools.Tools,
            ToolChoice = question.Tools.Choice,
            ParallelToolCalls = question.Tools.Parallel,
            TopLogProbabilities = question.TopLogProbabilities,
            ProviderFields = question.ProviderFields,
            Labels = question.Labels,
            Priority = question.Priority,
            Allow = question.Allow,
        };
    }

    private Task AnswerAsync(HttpContext http, CascadeRequest request, CascadeReply answered, bool late)
    {
        var reply = GatewayCall.Of(http).Take(answered);
        if (reply.Status == CascadeStatus.Answered)
        {
            return http.Response.WriteAsJsonAsync(
                ToCompletion(request, reply), GatewayJson.Readable.ChatCompletionResponse, cancellationToken: http.RequestAborted);
        }

        return reply.Status == CascadeStatus.Cancelled && late
            ? throw new RequestTimeoutException("the request used up its time")
            : ErrorWriter.WriteAsync(http, ApiError.FromReply(reply), time);
    }

    private ChatCompletionResponse ToCompletion(CascadeRequest request, CascadeReply reply) => new()
    {
        Id = "chatcmpl-" + (reply.Origin?.Operation ?? request.Operation).Value,
        Created = (reply.Origin?.At ?? time.GetUtcNow()).ToUnixTimeSeconds(),
        Model = reply.Endpoint.Value,
        Choices =
        [
            new ChatChoice
            {
                Index = 0,
                Message = ToMessage(reply),
                Logprobs = ChatLogprobs.From(reply.LogProbabilities),
                FinishReason = reply.FinishReason.Length > 0 ? reply.FinishReason : "stop",
            },
        ],
        Usage = new ChatUsage
        {
            PromptTokens = reply.Usage.InputTokens,
            CompletionTokens = reply.Usage.OutputTokens,
            TotalTokens = reply.Usage.InputTokens + reply.Usage.OutputTokens,
        },
    };

    private static ChatAnswer ToMessage(CascadeReply reply)
    {
        var calls = reply.ToolCalls.IsDefaultOrEmpty ? null : reply.ToolCalls.Select(static call => new ChatToolCall
        {
            Id = call.CallId,
            Function = new ChatFunctionCall { Name = call.Name, Arguments = call.ArgumentsJson },
        }).ToList();
        var refusal = reply.RefusalText.Length > 0 ? reply.RefusalText : null;
        return new ChatAnswer
        {
            Content = reply.Text.Length == 0 && (calls ?? (object?)refusal) is not null ? null : reply.Text,
            Refusal = refusal,
            ToolCalls = calls,
        };
    }

    private static bool IsJson(HttpRequest request) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals(JsonMediaType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
