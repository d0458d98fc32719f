using System.Globalization;

using Cascade.TestKit.Processes;

namespace Cascade.Benchmarks.Streams;

/// <summary>
/// Many streams at once through a server in a process of its own, from a provider that keeps to a schedule: how regularly parts arrive compared with
/// reading the provider directly, and what an open stream in which nothing happens costs the server.
/// </summary>
internal static class StreamsLoad
{
    private const string Model = "stub/model";
    private const int WarmUp = 50;
    private const double MebiPerKibi = 1_024;

    // A server's heap may grow by more garbage than streams are large before it is collected; this one collects what is garbage every four megabytes.
    private static readonly Dictionary<string, string> SmallHeap = new() { ["DOTNET_gcServer"] = "0", ["DOTNET_GCgen0size"] = "400000" };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    internal static async Task<int> RunAsync(string[] args)
    {
        var options = StreamsOptions.Parse(args);
        await using var source = new StreamSource(options);
        var account = new ServerAccount("acme", 1_000_000_000_000_000);
        if (options.Idle > TimeSpan.Zero)
        {
            await using var small = await StartAsync(Setup(source, account, options) with { Environment = SmallHeap });
            await IdleAsync(source, small, Readers(small.Address), options);
        }

        await using var server = await StartAsync(Setup(source, account, options));
        var direct = await MeasureAsync(Readers(new Uri(source.BaseUrl)), options);
        var through = await MeasureAsync(Readers(server.Address), options);
        Say($"{options.Streams} streams of {options.Chunks} parts, one each {options.Interval.TotalMilliseconds:F0} ms");
        Console.WriteLine("                  between two parts, ms           on the way, ms");
        Console.WriteLine("                  mean     p50     p99            p50     p99");
        Say($"direct        {direct}");
        Say($"the cluster   {through}");
        Say($"the cluster to the provider: {through.MeanGap / direct.MeanGap:F3} on average, {through.GapP50 / direct.GapP50:F3} at p50, {through.GapP99 / direct.GapP99:F3} at p99");
        return 0;

        StreamReaders Readers(Uri address) => new(address, Model, account.Key, options);

        async Task<ServerProcess> StartAsync(ServerSetup setup)
        {
            var started = await ServerProcess.StartAsync(setup, CancellationToken.None);
            using var warm = Readers(started.Address);
            await warm.RunAsync(WarmUp);
            return started;
        }
    }

    private static ServerSetup Setup(StreamSource source, ServerAccount account, StreamsOptions options)
    {
        var places = (options.Streams + WarmUp).ToString(CultureInfo.InvariantCulture);
        return new ServerSetup
        {
            Endpoints = [new ServerEndpoint(Model, "model-1", source.BaseUrl) { MaxOutputTokens = Math.Max(600, options.Chunks) }],
            Accounts = [account],
            Settings = new Dictionary<string, string>
            {
                [$"Endpoints:{Model}:MaxInFlight"] = places,
                [$"Endpoints:{Model}:Capacity:Adaptive"] = "false",
                [$"Endpoints:{Model}:TimeoutSeconds"] = "600",
                [$"Endpoints:{Model}:Stream:IdleTimeoutSeconds"] = "600",
                ["Http:MaxConcurrentRequestsPerAccount"] = places,
                ["Http:MaxConcurrentRequests"] = places,
            },
        };
    }

    private static async Task<Seen> MeasureAsync(StreamReaders readers, StreamsOptions options)
    {
        using (readers)
        {
            await readers.RunAsync(options.Streams);
            var (gaps, delays) = (readers.Gaps, readers.Delays);
            return new Seen(gaps.Average(), At(gaps, 0.5), At(gaps, 0.99), At(delays, 0.5), At(delays, 0.99));
        }
    }

    /// <summary>Opens all streams, lets them lie after their first part, and reads how much the server's working set has grown.</summary>
    private static async Task IdleAsync(StreamSource source, ServerProcess server, StreamReaders readers, StreamsOptions options)
    {
        using (readers)
        {
            await Task.Delay(options.Idle, TimeProvider.System);
            var before = Kibibytes(server);
            source.Hold();
            var reading = readers.RunAsync(options.Streams);
            var began = TimeProvider.System.GetTimestamp();
            while (readers.Begun < options.Streams && !reading.IsCompleted && TimeProvider.System.GetElapsedTime(began) < Patience)
                await Task.Delay(Look, TimeProvider.System);

            await Task.Delay(options.Idle, TimeProvider.System);
            var after = Kibibytes(server);
            var each = (after - before) / (double)options.Streams;
            Say($"{readers.Begun} open streams in which nothing happens: working set {before / MebiPerKibi:F0} MiB before, {after / MebiPerKibi:F0} MiB then, {each:F1} KiB each");
            source.Release();
            await reading;
        }
    }

    private static long Kibibytes(ServerProcess server)
    {
        const string Key = "VmRSS:";
        var line = File.ReadLines($"/proc/{server.Id}/status").First(static l => l.StartsWith(Key, StringComparison.Ordinal));
        return long.Parse(line[Key.Length..^2].Trim(), CultureInfo.InvariantCulture);
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Seen(double MeanGap, double GapP50, double GapP99, double DelayP50, double DelayP99)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{MeanGap,8:F2}{GapP50,8:F2}{GapP99,8:F2}       {DelayP50,8:F2}{DelayP99,8:F2}");
    }
}
