using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary>
/// Writes one answer as server-sent events in OpenAI's form. Parts of the answer leave with the next flush; every flush waits at most a bounded time for the
/// client.
/// </summary>
internal sealed class EventWriter(HttpContext http, CascadeRequest request, StreamWish wish, TimeSpan writeTimeout, TimeProvider time) : IDisposable
{
    private readonly ChunkJson _chunks = new("chatcmpl-" + request.Operation.Value, time.GetUtcNow().ToUnixTimeSeconds(), wish.IncludeUsage);
    private string _model = request.Model;
    private int _unflushed;

    public bool Begun { get; private set; }

    /// <summary>Parts that are written and have not left.</summary>
    public int Unflushed => _unflushed;

    public async Task BeginAsync()
    {
        if (Begun)
        {
            return;
        }

        Begun = true;
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        await http.Response.StartAsync(http.RequestAborted);
    }

    public void Commit(EndpointId endpoint)
    {
        _model = endpoint.Value;
        _chunks.Role(http.Response.BodyWriter, _model);
        _unflushed++;
    }

    public void Text(string text)
    {
        _chunks.Text(http.Response.BodyWriter, _model, text);
        _unflushed++;
    }

    public Task CommentAsync()
    {
        http.Response.BodyWriter.Write(": waiting\n\n"u8);
        return FlushAsync();
    }

    public Task EndAsync(CascadeReply reply)
    {
        _chunks.End(http.Response.BodyWriter, reply);
        http.Response.BodyWriter.Write("data: [DONE]\n\n"u8);
        return FlushAsync();
    }

    /// <summary>Ends with an error. There is no <c>[DONE]</c> after it: the answer is not whole.</summary>
    public async Task ErrorAsync(ApiError error)
    {
        var call = GatewayCall.Of(http);
        call.Code = error.Kind.Code;
        var writer = http.Response.BodyWriter;
        writer.Write("data: "u8);
        writer.Write(JsonSerializer.SerializeToUtf8Bytes(ErrorWriter.ToBody(error, call), GatewayJson.Readable.ErrorBody));
        writer.Write("\n\n"u8);
        await FlushAsync();
    }

    public void Dispose() => _chunks.Dispose();

    public async Task FlushAsync()
    {
        _unflushed = 0;
        var flush = http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        var result = flush.IsCompleted ? await flush : await FlushSlowlyAsync(flush.AsTask());
        if (result.IsCompleted || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
            throw new OperationCanceledException("The client has gone.", http.RequestAborted);
        }
    }

    private async Task<FlushResult> FlushSlowlyAsync(Task<FlushResult> flush)
    {
        try
        {
            return await flush.WaitAsync(writeTimeout, time, http.RequestAborted);
        }
        catch (TimeoutException)
        {
            // A reader that takes nothing is as good as gone, and what waits for it costs memory.
            http.Abort();
            throw new OperationCanceledException("The client was too slow.");
        }
    }
}
