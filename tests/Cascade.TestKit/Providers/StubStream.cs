using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace Cascade.TestKit.Providers;

/// <summary>One answer as a stream of events in OpenAI's form, with what goes wrong with it.</summary>
internal sealed class StubStream
{
    private readonly StubRequest _request;
    private readonly StubBill _bill;
    private readonly StubFault? _fault;
    private readonly OpenAiStubOptions _options;
    private readonly string _finishReason;
    private readonly string[] _deltas;
    private readonly JsonNode[] _rest;
    private int _sent;

    public StubStream(StubRequest request, ChatResponse response, StubBill bill, StubFault? fault, OpenAiStubOptions options)
    {
        _request = request;
        _bill = bill;
        _fault = fault;
        _options = options;
        var choice = StubWire.Choices(response)[0]!;
        _finishReason = choice["finish_reason"]!.GetValue<string>();
        _deltas = Cut(choice["message"]!["content"]?.GetValue<string>() ?? "", options.LettersPerDelta);
        _rest = [.. StubMessages.Deltas(choice)];
    }

    /// <summary>What the provider bills for what it has sent so far, or for the whole answer.</summary>
    public StubBill Bill() => !_options.BillsOnlyWhatWasSent || _sent == _deltas.Length
        ? _bill
        : StubBill.Of(_request, _bill.InputTokens, _bill.OutputTokens * _sent / Math.Max(1, _deltas.Length), _options);

    public async Task SendAsync(HttpContext http, CancellationToken gone)
    {
        http.Response.ContentType = _fault is StubFault.WrongContentType wrong ? wrong.ContentType : "text/event-stream";
        await http.Response.StartAsync(gone);
        var left = _fault switch
        {
            StubFault.CutStream cut => cut.Bytes,
            StubFault.EndEarly end => end.Bytes,
            StubFault.StallStream stall => stall.Bytes,
            StubFault.TrickleComments trickle => trickle.Bytes,
            _ => int.MaxValue,
        };
        foreach (var (text, delta) in Events())
        {
            if (delta is { } number && _options.BeforeDelta is { } wait)
                await wait(_request, number, gone);
            var bytes = Encoding.UTF8.GetBytes(text);

            // A comment can only stand between two events.
            var now = _fault is StubFault.TrickleComments ? bytes.Length : Math.Min(left, bytes.Length);
            await StubDelivery.SendAsync(http, bytes.AsMemory(0, now), _fault, gone);
            left -= now;
            _sent += delta is not null && now == bytes.Length ? 1 : 0;
            if (now < bytes.Length || left < 0)
                break;
        }

        await EndAsync(http, gone);
    }

    /// <summary>The body as it is when nothing cuts it; the number of the delta that an event is, if any.</summary>
    public IEnumerable<(string Text, int? Delta)> Events()
    {
        var copies = _fault is StubFault.DuplicateChunks ? 2 : 1;
        yield return (Event(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null), null);
        if (_fault is StubFault.StrayEvent stray)
            yield return ($"data: {stray.Text}\n\n", null);
        if (_fault is StubFault.HugeChunk huge)
            yield return (Event(new JsonObject { ["content"] = new string('x', huge.Letters) }, null), null);
        for (var i = 0; i < _deltas.Length; i++)
        {
            for (var copy = 0; copy < copies; copy++)
                yield return (Event(new JsonObject { ["content"] = _deltas[i] }, null, SoFar(i)), copy == 0 ? i : null);
        }

        foreach (var choice in _rest)
            yield return (Serialize(Chunk(new JsonArray(choice.DeepClone()), null)), null);
        if (_fault is StubFault.EndWithoutFinish)
            yield break;
        for (var copy = 0; copy < copies; copy++)
            yield return (Event(new JsonObject(), _finishReason), null);
        for (var copy = 0; copy < UsageChunks * copies; copy++)
            yield return (Serialize(Chunk(new JsonArray(), StubWire.Usage(_bill, _fault))), null);
        yield return ("data: [DONE]\n\n", null);
    }

    private int UsageChunks => _fault switch
    {
        StubFault.MissingUsage or StubFault.StreamedUsage { Kind: StubUsage.Missing } => 0,
        StubFault.StreamedUsage { Kind: StubUsage.Repeated } => 3,
        _ => _request.IncludesUsage ? 1 : 0,
    };

    private async Task EndAsync(HttpContext http, CancellationToken gone)
    {
        switch (_fault)
        {
            case StubFault.CutStream:
                throw new StubCutException();
            case StubFault.StallStream:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone);
                break;
            case StubFault.TrickleComments trickle:
                while (true)
                {
                    await trickle.Step(gone);
                    gone.ThrowIfCancellationRequested();
                    await http.Response.Body.WriteAsync(": still here\n\n"u8.ToArray(), gone);
                    await http.Response.Body.FlushAsync(gone);
                }
        }
    }

    private JsonObject? SoFar(int delta) => _fault is StubFault.StreamedUsage { Kind: StubUsage.Cumulative }
        ? StubWire.Usage(_bill.InputTokens, _bill.OutputTokens * (delta + 1) / _deltas.Length)
        : null;

    private string Event(JsonObject delta, string? finishReason, JsonObject? usage = null) => Serialize(Chunk(
        new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finishReason }), usage));

    private JsonObject Chunk(JsonArray choices, JsonObject? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = $"chatcmpl-stub-{_request.Index}",
            ["object"] = "chat.completion.chunk",
            ["created"] = 1_700_000_000,
            ["model"] = _request.Model,
            ["choices"] = choices,
        };
        if (_request.IncludesUsage || usage is not null)
            chunk["usage"] = usage;
        return chunk;
    }

    private static string Serialize(JsonObject chunk) => $"data: {chunk.ToJsonString()}\n\n";

    // Never between the halves of a letter: a provider sends whole letters, whatever its tokens are.
    private static string[] Cut(string text, int letters)
    {
        var parts = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var length = Math.Min(letters, text.Length - start);
            length += start + length < text.Length && char.IsHighSurrogate(text[start + length - 1]) ? 1 : 0;
            parts.Add(text.Substring(start, length));
            start += length;
        }

        return [.. parts];
    }
}
