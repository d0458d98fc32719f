using System.Globalization;

using Cascade.TestKit.Processes;
using Cascade.TestKit.Waiting;

namespace Cascade.Benchmarks.Streams;

/// <summary>
/// Many streams at once through a server in a process of its own, from a provider that keeps to a schedule: how regularly parts arrive compared with
/// reading the provider directly, and what an open stream in which nothing happens costs the server.
/// </summary>
internal static class StreamsLoad
{
    private const string Model = "stub/model";
    private const int WarmUp = 50;

    // A server's heap may grow by more garbage than streams are large before it is collected; this one collects what is garbage every four megabytes.
    private static readonly Dictionary<string, string> SmallHeap = new() { ["DOTNET_gcServer"] = "0", ["DOTNET_GCgen0size"] = "400000" };
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal static async Task<int> RunAsync(string[] args)
    {
        var options = StreamsOptions.Parse(args);
        await using var source = new StreamSource(options);
        var account = new ServerAccount("acme", 1_000_000_000_000_000);
        if (options.Idle > TimeSpan.Zero)
        {
            await using var small = await StartAsync(Setup(source, account, options) with { Environment = SmallHeap });
            await IdleAsync(source, small, () => Readers(small.Address), options);
            await RelayAsync(source, options);
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
        var places = ((2 * options.Streams) + WarmUp).ToString(CultureInfo.InvariantCulture);
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

    private static async Task IdleAsync(StreamSource source, ServerProcess server, Func<StreamReaders> readers, StreamsOptions options)
    {
        var (live, workingSet) = (new List<long>(), new List<long>());
        await HoldAsync(source, readers, options, async () =>
        {
            live.Add(await HeapReading.LiveAsync(server));
            workingSet.Add(HeapReading.WorkingSet(server.Id));
        });
        Say($"an open stream in which nothing happens after {options.Held} parts: {Each(live, options):F1} KiB are alive in the server, its working set is larger by {Each(workingSet, options):F1} KiB");
    }

    private static async Task RelayAsync(StreamSource source, StreamsOptions options)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var relay = BareRelay.Start(address, new Uri(source.BaseUrl));
        using var http = new HttpClient();
        await Eventually.HoldsAsync(async () => await BareRelay.HeapAsync(http, address) is not null, Patience, CancellationToken.None);
        var live = new List<long>();
        await HoldAsync(source, () => new StreamReaders(address, Model, "", options), options, async () => live.Add((await BareRelay.HeapAsync(http, address))!.Value));
        Say($"a bare relay of such a stream: {Each(live, options):F1} KiB are alive");
    }

    /// <summary>
    /// Opens all streams and then as many again, lets them lie after some parts, reads each time what is to be known of that, and lets them go on. What
    /// the first of them leave behind, pools and tables, is there for the second.
    /// </summary>
    private static async Task HoldAsync(StreamSource source, Func<StreamReaders> newReaders, StreamsOptions options, Func<Task> read)
    {
        using var first = newReaders();
        using var second = newReaders();
        source.Hold();
        var reading = new List<Task>();
        foreach (var readers in (StreamReaders[])[first, second])
        {
            var all = readers.RunAsync(options.Streams);
            reading.Add(all);
            await Eventually.HoldsAsync(() => readers.Begun == options.Streams || all.IsCompleted, Patience, CancellationToken.None);
            await Task.Delay(options.Idle, TimeProvider.System);
            await read();
        }

        source.Release();
        await Task.WhenAll(reading);
    }

    private static double Each(List<long> bytes, StreamsOptions options) => (bytes[1] - bytes[0]) / 1_024.0 / options.Streams;

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private sealed record Seen(double MeanGap, double GapP50, double GapP99, double DelayP50, double DelayP99)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{MeanGap,8:F2}{GapP50,8:F2}{GapP99,8:F2}       {DelayP50,8:F2}{DelayP99,8:F2}");
    }
}
