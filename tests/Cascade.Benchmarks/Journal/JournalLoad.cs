using System.Globalization;

using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Redis;

using Microsoft.Extensions.Logging.Abstractions;

using StackExchange.Redis;

namespace Cascade.Benchmarks.Journal;

/// <summary>
/// How many calls a second a silo can reserve, write to the journal and settle, and how long each waits for it. Callers do nothing between
/// intent and settle, so the numbers are the journal's alone.
/// </summary>
internal sealed class JournalLoad(JournalLoadOptions options, IUsageJournal journal) : IDisposable
{
    private const long UpperNanos = 250_000;
    private const long CostNanos = 180_000;
    private const int WarmUpSeconds = 3;

    private readonly LoadLease[] _leases = new LoadLease[options.Accounts];
    private readonly SemaphoreSlim _exchange = new(1);
    private volatile bool _measuring;
    private volatile bool _stopped;
    private int _leaseNumber;

    internal static async Task<int> RunAsync(string[] args)
    {
        var options = JournalLoadOptions.Parse(args);
        var directory = Directory.CreateTempSubdirectory("cascade-journal-");
        try
        {
            var config = new StorageConfig { DataDirectory = directory.FullName };
            await using var server = options.Redis.Length == 0
                ? await EmbeddedRedis.StartAsync(config, NullLoggerFactory.Instance, CancellationToken.None)
                : null;
            await using var connection = await ConnectionMultiplexer.ConnectAsync(server?.ConnectionString ?? options.Redis);
            await using var reads = await ConnectionMultiplexer.ConnectAsync(server?.ConnectionString ?? options.Redis);
            await using var journal = new RedisUsageJournal(connection, reads, config, NullLogger<RedisUsageJournal>.Instance);
            using var load = new JournalLoad(options, journal);
            await load.MeasureAsync();
            return 0;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    public void Dispose() => _exchange.Dispose();

    private async Task MeasureAsync()
    {
        for (var i = 0; i < _leases.Length; i++)
            _leases[i] = await OpenAsync(i);
        var callers = Enumerable.Range(0, options.Callers).Select(i => Task.Run(() => CallAsync(i))).ToArray();
        await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds), TimeProvider.System);
        var started = TimeProvider.System.GetTimestamp();
        var allocated = GC.GetTotalAllocatedBytes();
        _measuring = true;
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds), TimeProvider.System);
        _measuring = false;
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        _stopped = true;
        var samples = (await Task.WhenAll(callers)).SelectMany(s => s).ToArray();
        Report(samples, elapsed, allocated);
    }

    private async Task<LoadLease> OpenAsync(int account)
    {
        var lease = new LoadLease($"account-{account}", Interlocked.Increment(ref _leaseNumber), options.Levels, options.ExposureNanos);
        await Task.WhenAll(lease.Keys.Select(key => journal.OpenAsync(key, CancellationToken.None)));
        return lease;
    }

    private async Task<List<Sample>> CallAsync(int caller)
    {
        var samples = new List<Sample>();
        var account = caller % options.Accounts;
        for (var call = 0; !_stopped; call++)
        {
            var attempt = string.Create(CultureInfo.InvariantCulture, $"4f9d1c2e7b/{caller}-{call}");
            var lease = _leases[account];
            if (!lease.TryReserve(attempt, UpperNanos, options.Lease))
            {
                await ExchangeAsync(account, lease);
                continue;
            }

            var sample = await (options.Batched ? CallBatchedAsync(lease, attempt) : CallStrictAsync(lease, attempt));
            if (_measuring)
                samples.Add(sample);
        }

        return samples;
    }

    private async Task<Sample> CallStrictAsync(LoadLease lease, string attempt)
    {
        var started = TimeProvider.System.GetTimestamp();
        await AppendAsync(lease, Intent(attempt), AppendHaste.Now);
        var intent = TimeProvider.System.GetElapsedTime(started);
        await AppendAsync(lease, Settle(attempt), AppendHaste.Now);
        lease.Settle(attempt, CostNanos);
        return new Sample(intent.TotalMilliseconds, (TimeProvider.System.GetElapsedTime(started) - intent).TotalMilliseconds);
    }

    private async Task<Sample> CallBatchedAsync(LoadLease lease, string attempt)
    {
        var started = TimeProvider.System.GetTimestamp();
        await lease.ExposeAsync(UpperNanos);
        _ = CoverAsync(lease, attempt);
        var intent = TimeProvider.System.GetElapsedTime(started);
        _ = EndAsync(lease, attempt);
        return new Sample(intent.TotalMilliseconds, (TimeProvider.System.GetElapsedTime(started) - intent).TotalMilliseconds);
    }

    private async Task CoverAsync(LoadLease lease, string attempt)
    {
        await AppendAsync(lease, Intent(attempt), AppendHaste.Batched);
        lease.Cover(UpperNanos);
    }

    private async Task EndAsync(LoadLease lease, string attempt)
    {
        await AppendAsync(lease, Settle(attempt), AppendHaste.Batched);
        lease.Settle(attempt, CostNanos);
    }

    private async ValueTask AppendAsync(LoadLease lease, JournalEntry entry, AppendHaste haste)
    {
        if (lease.Keys.Length == 1 && haste == AppendHaste.Now)
            Check(await journal.AppendAsync(lease.Keys[0], entry, CancellationToken.None));
        else
            (await journal.AppendAsync(lease.Keys, entry, haste, CancellationToken.None)).ToList().ForEach(Check);
    }

    private async Task ExchangeAsync(int account, LoadLease old)
    {
        await _exchange.WaitAsync();
        try
        {
            if (_leases[account] == old)
            {
                _leases[account] = await OpenAsync(account);
                _ = CloseAsync(old);
            }
        }
        finally
        {
            _exchange.Release();
        }
    }

    /// <summary>Closes a lease as its budget does: seal, read to the end, archive.</summary>
    private async Task CloseAsync(LoadLease lease)
    {
        while (!lease.IsFinished(options.Lease))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        foreach (var key in lease.Keys)
        {
            var contents = await journal.SealAsync(key, CancellationToken.None);
            if (contents.Entries.Length != 2 * options.Lease)
                throw new InvalidOperationException($"stream {key} has {contents.Entries.Length} entries, not {2 * options.Lease}");
            await journal.ArchiveAsync(key, CancellationToken.None);
        }
    }

    private void Report(Sample[] samples, double seconds, long allocated)
    {
        var mode = options.Batched ? "batched" : "strict";
        var added = samples.Select(s => s.Intent + s.End).Order().ToArray();
        var intents = samples.Select(s => s.Intent).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{mode}: {options.Callers} callers, {options.Accounts} accounts, {options.Levels} levels, {seconds:F1} s: "
            + $"{samples.Length / seconds:F0} pairs/s, {allocated / (double)samples.Length:F0} B/pair; added latency in ms: "
            + $"intent p50 {At(intents, 0.5):F2} p99 {At(intents, 0.99):F2}, intent and settle p50 {At(added, 0.5):F2} p99 {At(added, 0.99):F2} max {added[^1]:F2}"));
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static void Check(AppendStatus status)
    {
        if (status != AppendStatus.Appended)
            throw new InvalidOperationException($"an append ended as {status}");
    }

    private static JournalEntry Intent(string attempt) => new()
    {
        Kind = JournalEntryKind.Intent,
        AttemptId = attempt,
        At = TimeProvider.System.GetUtcNow(),
        Endpoint = "openai/gpt-4o-mini@eastus",
        Purpose = "draft",
        UpperNanos = UpperNanos,
    };

    private static JournalEntry Settle(string attempt) => new()
    {
        Kind = JournalEntryKind.Settle,
        AttemptId = attempt,
        At = TimeProvider.System.GetUtcNow(),
        LowerNanos = CostNanos,
        UpperNanos = CostNanos,
        InputTokens = 812,
        OutputTokens = 164,
    };

    /// <summary>What one call waited for, in milliseconds.</summary>
    private readonly record struct Sample(double Intent, double End);
}
