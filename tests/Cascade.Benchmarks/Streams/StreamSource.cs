using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cascade.Benchmarks.Streams;

/// <summary>
/// A provider that streams on a schedule: each part is the time at which it was due to leave, so that a reader in the same process can tell how long it was
/// on its way. Plain sockets, so that it takes little of the machine from what is measured.
/// </summary>
internal sealed class StreamSource : IAsyncDisposable
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly StreamsOptions _options;
    private readonly Task _accepting;
    private TaskCompletionSource? _hold;

    public StreamSource(StreamsOptions options)
    {
        _options = options;
        _listener.Start(backlog: 4_096);
        _accepting = AcceptAsync();
    }

    /// <summary>The address that clients are configured with.</summary>
    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1";

    /// <summary>Lets streams that begin from now on wait after some parts, until <see cref="Release"/>.</summary>
    public void Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Lets streams go on.</summary>
    public void Release()
    {
        _hold?.SetResult();
        _hold = null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                var stream = client.GetStream();
                var buffer = new byte[8_192];
                while (await ReadRequestAsync(stream, buffer))
                    await AnswerAsync(stream);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                // So is this caller.
            }
        }
    }

    private async Task<bool> ReadRequestAsync(NetworkStream stream, byte[] buffer)
    {
        var (filled, wanted) = (0, int.MaxValue);
        while (filled < wanted)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(filled), _stopping.Token);
            if (read == 0)
                return false;
            filled += read;
            if (wanted == int.MaxValue && buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                wanted = end + 4 + ContentLength(Encoding.ASCII.GetString(buffer, 0, end));
        }

        return true;
    }

    private static int ContentLength(string head)
    {
        const string Name = "Content-Length:";
        var line = head.Split("\r\n").First(static l => l.StartsWith(Name, StringComparison.OrdinalIgnoreCase));
        return int.Parse(line.AsSpan(Name.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var hold = _hold;
        await WriteAsync(stream, Head + Chunk(Event("""{"role":"assistant","content":""}""", "null")));
        var due = _time.GetTimestamp();
        for (var i = 0; i < _options.Chunks; i++)
        {
            await WriteAsync(stream, Chunk(Event(string.Create(CultureInfo.InvariantCulture, $$"""{"content":"{{due}} "}"""), "null")));
            if (i == _options.Held - 1 && hold is not null)
                await hold.Task.WaitAsync(_stopping.Token);
            due += (long)(_options.Interval.TotalSeconds * _time.TimestampFrequency);
            var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
            if (hold is null && wait > TimeSpan.Zero)
                await Task.Delay(wait, _time, _stopping.Token);
        }

        var usage = string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"prompt_tokens":10,"completion_tokens":{{{_options.Chunks}}},"total_tokens":{{{_options.Chunks + 10}}}}""");
        await WriteAsync(
            stream,
            Chunk(Event("{}", "\"stop\"")) + Chunk($"data: {Wrap("[]", usage)}\n\n") + Chunk("data: [DONE]\n\n") + "0\r\n\r\n");
    }

    private static string Event(string delta, string finish) =>
        $"data: {Wrap($$"""[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}]""", "null")}\n\n";

    private static string Wrap(string choices, string usage) =>
        $$"""{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"model-1","choices":{{choices}},"usage":{{usage}}}""";

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private ValueTask WriteAsync(NetworkStream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text), _stopping.Token);
}
