using System.Buffers;
using System.Text.Json;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Wire;

/// <summary>
/// Writes the chunks of one stream in OpenAI's form, straight into the connection's buffer: there is one for every few letters of an answer.
/// With the usage asked for, every chunk has a <c>usage</c>, null but in the last one; else none has.
/// </summary>
internal sealed class ChunkJson(string id, long created, bool includeUsage) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = GatewayJson.Readable.Options.Encoder });
    private IBufferWriter<byte>? _output;

    public void Role(IBufferWriter<byte> output, string model)
    {
        BeginDelta(output, model);
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("content"u8, ""u8);
        EndDelta(finishReason: null);
    }

    public void Text(IBufferWriter<byte> output, string model, string text)
    {
        BeginDelta(output, model);
        _json.WriteString("content"u8, text);
        EndDelta(finishReason: null);
    }

    /// <summary>The end: why the model stopped, then the usage if it is wanted, and in the very last chunk what only the end knows.</summary>
    public void End(IBufferWriter<byte> output, CascadeReply reply)
    {
        Calls(output, reply);
        Rest(output, reply);
        BeginDelta(output, reply.Endpoint.Value);
        EndDelta(reply.FinishReason.Length > 0 ? reply.FinishReason : "stop", includeUsage ? null : reply);
        if (!includeUsage)
        {
            return;
        }

        Begin(output, reply.Endpoint.Value);
        _json.WriteEndArray();
        _json.WriteStartObject("usage"u8);
        _json.WriteNumber("prompt_tokens"u8, reply.Usage.InputTokens);
        _json.WriteNumber("completion_tokens"u8, reply.Usage.OutputTokens);
        _json.WriteNumber("total_tokens"u8, reply.Usage.InputTokens + reply.Usage.OutputTokens);
        _json.WriteEndObject();
        Facts(reply);
        Finish();
    }

    public void Dispose() => _json.Dispose();

    // Each call in one chunk, which a client appends to nothing: OpenAI cuts the arguments, and clients put them together by the index.
    private void Calls(IBufferWriter<byte> output, CascadeReply reply)
    {
        for (var i = 0; i < (reply.ToolCalls.IsDefault ? 0 : reply.ToolCalls.Length); i++)
        {
            var call = reply.ToolCalls[i];
            BeginDelta(output, reply.Endpoint.Value);
            _json.WriteStartArray("tool_calls"u8);
            _json.WriteStartObject();
            _json.WriteNumber("index"u8, i);
            _json.WriteString("id"u8, call.CallId);
            _json.WriteString("type"u8, "function"u8);
            _json.WriteStartObject("function"u8);
            _json.WriteString("name"u8, call.Name);
            _json.WriteString("arguments"u8, call.ArgumentsJson);
            _json.WriteEndObject();
            _json.WriteEndObject();
            _json.WriteEndArray();
            EndDelta(finishReason: null);
        }
    }

    private void Rest(IBufferWriter<byte> output, CascadeReply reply)
    {
        var tokens = ChatLogprobs.From(reply.LogProbabilities);
        if (reply.RefusalText.Length == 0 && tokens is null)
        {
            return;
        }

        BeginDelta(output, reply.Endpoint.Value);
        if (reply.RefusalText.Length > 0)
        {
            _json.WriteString("refusal"u8, reply.RefusalText);
        }

        EndDelta(finishReason: null, logprobs: tokens);
    }

    private void BeginDelta(IBufferWriter<byte> output, string model)
    {
        Begin(output, model);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("delta"u8);
    }

    private void EndDelta(string? finishReason, CascadeReply? last = null, ChatLogprobs? logprobs = null)
    {
        _json.WriteEndObject();
        _json.WritePropertyName("logprobs"u8);
        JsonSerializer.Serialize(_json, logprobs, GatewayJson.Readable.ChatLogprobs!);
        _json.WriteString("finish_reason"u8, finishReason);
        _json.WriteEndObject();
        _json.WriteEndArray();
        if (includeUsage)
        {
            _json.WriteNull("usage"u8);
        }

        if (last is not null)
        {
            Facts(last);
        }

        Finish();
    }

    private void Begin(IBufferWriter<byte> output, string model)
    {
        output.Write("data: "u8);
        _output = output;
        _json.Reset(output);
        _json.WriteStartObject();
        _json.WriteString("id"u8, id);
        _json.WriteString("object"u8, "chat.completion.chunk"u8);
        _json.WriteNumber("created"u8, created);
        _json.WriteString("model"u8, model);
        _json.WriteStartArray("choices"u8);
    }

    private void Finish()
    {
        _json.WriteEndObject();
        _json.Flush();
        _output!.Write("\n\n"u8);
    }

    private void Facts(CascadeReply reply)
    {
        _json.WriteStartObject("x_cascade"u8);
        _json.WriteString("cost_usd"u8, UsdText.Format(reply.CostNanos));
        _json.WriteString("model"u8, reply.Endpoint.Value);
        _json.WriteBoolean("escalated"u8, reply.Escalated);
        _json.WriteBoolean("budget_limited"u8, reply.BudgetLimited);
        _json.WriteNumber("attempts"u8, reply.Attempts.Count(static attempt => attempt.Booking != Booking.None));
        _json.WriteString("trace_id"u8, reply.TraceId);
        _json.WriteEndObject();
    }
}
