using Cascade.Client;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary>
/// Answers a chat completion as a stream. Until something has been sent, an error is an ordinary HTTP error; afterwards it is the last event.
/// </summary>
internal sealed partial class ChatStreamer(ICascadeClient client, HttpConfig limits, TimeProvider time, ILogger<ChatStreamer> logger)
{
    private const int MostUnflushed = 32;

    public async Task AnswerAsync(
        HttpContext http, CascadeRequest request, StreamWish wish, CancellationToken stop, CancellationToken deadline)
    {
        using var writer = new EventWriter(http, request, wish, limits.StreamWriteTimeout, time);
        try
        {
            await PumpAsync(http, request, writer, stop, deadline);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && writer.Begun && !http.RequestAborted.IsCancellationRequested)
        {
            await writer.ErrorAsync(FaultMap.ToError(new RequestTimeoutException("the request used up its time")));
        }
        catch (Exception fault) when (writer.Begun && fault is not OperationCanceledException && !http.RequestAborted.IsCancellationRequested)
        {
            var error = FaultMap.ToError(fault);
            if (FaultMap.IsOurs(error))
            {
                LogFault(fault, GatewayCall.Of(http).RequestId, GatewayCall.Of(http).TraceId, error.Kind.Code);
            }

            await writer.ErrorAsync(error);
        }
    }

    [LoggerMessage(EventId = 502, Level = LogLevel.Error, Message = "the stream of request {RequestId} failed, trace {TraceId}, ended with {Code}")]
    private partial void LogFault(Exception fault, string requestId, string traceId, string code);

    private async Task PumpAsync(HttpContext http, CascadeRequest request, EventWriter writer, CancellationToken stop, CancellationToken deadline)
    {
        await using var updates = client.StreamAsync(request, stop).GetAsyncEnumerator(stop);
        using var heartbeat = new PeriodicTimer(limits.StreamHeartbeat, time);
        Task? beat = null;
        while (true)
        {
            var moving = updates.MoveNextAsync().AsTask();
            try
            {
                if (writer.Unflushed > (moving.IsCompleted ? MostUnflushed : 0))
                {
                    // Parts that are there already leave together; nothing waits for a part that is not.
                    await writer.FlushAsync();
                }

                if (!moving.IsCompleted)
                {
                    beat ??= heartbeat.WaitForNextTickAsync(CancellationToken.None).AsTask();
                    while (await Task.WhenAny(moving, beat) == beat)
                    {
                        await writer.BeginAsync();
                        await writer.CommentAsync();
                        beat = heartbeat.WaitForNextTickAsync(CancellationToken.None).AsTask();
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // What stopped the writing stops the reading too, and an enumerator must not be left while it moves.
                await Task.WhenAny(moving);
                throw;
            }

            if (!await moving)
            {
                return;
            }

            await WriteAsync(http, writer, updates.Current, deadline.IsCancellationRequested);
        }
    }

    private async Task WriteAsync(HttpContext http, EventWriter writer, CascadeUpdate update, bool late)
    {
        switch (update.Kind)
        {
            case CascadeUpdateKind.Committed:
                await writer.BeginAsync();
                writer.Commit(update.Endpoint);
                return;
            case CascadeUpdateKind.Text:
                writer.Text(update.Text);
                return;
        }

        var reply = GatewayCall.Of(http).Take(update.Reply!);
        if (reply.Status == CascadeStatus.Answered)
        {
            await writer.EndAsync(reply);
            return;
        }

        if (reply.Status == CascadeStatus.Cancelled && late)
        {
            throw new RequestTimeoutException("the request used up its time");
        }

        await (writer.Begun ? writer.ErrorAsync(ApiError.FromReply(reply)) : ErrorWriter.WriteAsync(http, ApiError.FromReply(reply), time));
    }
}
