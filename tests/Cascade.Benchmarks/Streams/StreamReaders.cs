using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Cascade.Benchmarks.Streams;

/// <summary>Reads many streams at once, from the cluster or from the provider itself, and notes when each part came.</summary>
internal sealed class StreamReaders(Uri address, string model, string key, StreamsOptions options) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentBag<double> _gaps = [];
    private readonly ConcurrentBag<double> _delays = [];
    private int _begun;

    /// <summary>Streams of which as many parts have come as come before they are held.</summary>
    public int Begun => Volatile.Read(ref _begun);

    /// <summary>Time between two parts of one stream, in milliseconds.</summary>
    public double[] Gaps => [.. _gaps.Order()];

    /// <summary>Time from when a part was due to leave the provider until it was here, in milliseconds.</summary>
    public double[] Delays => [.. _delays.Order()];

    /// <summary>Opens all streams and reads them to their end.</summary>
    /// <param name="count">How many.</param>
    public Task RunAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(ReadAsync)));

    public void Dispose() => _http.Dispose();

    private async Task ReadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/v1/chat/completions"))
        {
            Content = JsonContent.Create(new { model, stream = true, messages = new[] { new { role = "user", content = "Count." } } }),
        };
        await request.Content.LoadIntoBufferAsync();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        await using var stream = await response.Content.ReadAsStreamAsync();
        var parts = new Parts();
        var buffer = new byte[4_096];
        var filled = 0;
        while (await stream.ReadAsync(buffer.AsMemory(filled)) is > 0 and var read)
        {
            filled += read;
            filled = Take(buffer, filled, parts);
        }

        if (parts.Count != options.Chunks)
            throw new InvalidOperationException($"{parts.Count} of {options.Chunks} parts came");
    }

    /// <summary>Takes whole lines out of the buffer.</summary>
    /// <returns>How much is left in it.</returns>
    private int Take(byte[] buffer, int filled, Parts parts)
    {
        var now = TimeProvider.System.GetTimestamp();
        var rest = buffer.AsSpan(0, filled);
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            TakeLine(rest[..end], now, parts);
            rest = rest[(end + 1)..];
        }

        rest.CopyTo(buffer);
        return rest.Length;
    }

    private void TakeLine(ReadOnlySpan<byte> line, long now, Parts parts)
    {
        var mark = "\"content\":\""u8;
        if (line.IndexOf(mark) is not (>= 0 and var at))
            return;

        // Parts may have been put together on the way.
        var text = line[(at + mark.Length)..];
        while (Utf8Parser.TryParse(text, out long due, out var used) && used > 0)
        {
            text = text[(used + 1)..];
            if (++parts.Count == options.Held)
                Interlocked.Increment(ref _begun);
            if (parts.Count > 1)
                _gaps.Add(TimeProvider.System.GetElapsedTime(parts.Last, now).TotalMilliseconds);
            _delays.Add(TimeProvider.System.GetElapsedTime(due, now).TotalMilliseconds);
            parts.Last = now;
        }
    }

    private sealed class Parts
    {
        public int Count { get; set; }

        public long Last { get; set; }
    }
}
