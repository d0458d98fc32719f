using System.Diagnostics.Tracing;
using System.Globalization;
using System.Text.RegularExpressions;
using Cascade.TestKit.Processes;
using Microsoft.Diagnostics.NETCore.Client;

namespace Cascade.Benchmarks.Streams;

/// <summary>What is alive in the heap of a server, and what the system has given it.</summary>
internal static partial class HeapReading
{
    // Opening a session with this keyword makes the runtime collect everything.
    private const long Collect = 0x800000;

    /// <summary>Lets the server collect its garbage and asks it what is left.</summary>
    /// <returns>Bytes.</returns>
    internal static async Task<long> LiveAsync(ServerProcess server)
    {
        var provider = new EventPipeProvider("Microsoft-Windows-DotNETRuntime", EventLevel.Informational, Collect);
        using (var session = await new DiagnosticsClient(server.Id).StartEventPipeSessionAsync([provider], requestRundown: false, circularBufferMB: 1, CancellationToken.None))
        {
            var reading = session.EventStream.CopyToAsync(Stream.Null);
            await session.StopAsync(CancellationToken.None);
            await reading;
        }

        var metrics = await server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return Sum(HeapSize().Matches(metrics)) - Sum(Gaps().Matches(metrics));
    }

    /// <summary>The working set of a process, in bytes.</summary>
    internal static long WorkingSet(int process)
    {
        const string Key = "VmRSS:";
        var line = File.ReadLines($"/proc/{process}/status").First(static l => l.StartsWith(Key, StringComparison.Ordinal));
        return 1_024 * long.Parse(line[Key.Length..^2].Trim(), CultureInfo.InvariantCulture);
    }

    private static long Sum(MatchCollection generations) =>
        generations.Count == 5
            ? generations.Sum(static m => (long)double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The server tells of {generations.Count} generations of its heap, not of 5.");

    [GeneratedRegex(@"^dotnet_gc_last_collection_heap_size_bytes\{[^}]*\} (\S+)", RegexOptions.Multiline)]
    private static partial Regex HeapSize();

    [GeneratedRegex(@"^dotnet_gc_last_collection_heap_fragmentation_size_bytes\{[^}]*\} (\S+)", RegexOptions.Multiline)]
    private static partial Regex Gaps();
}
