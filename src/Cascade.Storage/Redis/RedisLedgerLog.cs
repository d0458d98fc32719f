using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

using Cascade.Storage.Ledger;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// The ledger log on a Redis-protocol server: per account a row of lists of <see cref="SegmentLines"/> lines, so that no list grows without
/// bound, and a set of all accounts.
/// </summary>
public sealed class RedisLedgerLog : ILedgerLog
{
    /// <summary>Lines per list. Part of the format: it says which list a number is in.</summary>
    internal const int SegmentLines = 4_096;

    private const int Page = 1_024;

    /// <summary>
    /// KEYS: the list, the list before it. ARGV: how many lines of the list come before the first one, the size of a full list, the lines.
    /// Answers 1 appended, 2 gap, 3 conflict.
    /// </summary>
    private const string Append =
        """
        local length = redis.call('LLEN', KEYS[1])
        local before = tonumber(ARGV[1])
        if length < before then return 2 end
        if length == 0 and KEYS[1] ~= KEYS[2] and redis.call('LLEN', KEYS[2]) < tonumber(ARGV[2]) then return 2 end
        local known = {}
        if length > before then known = redis.call('LRANGE', KEYS[1], before, before + #ARGV - 3) end
        for i = 1, #known do
            if known[i] ~= ARGV[i + 2] then return 3 end
        end
        for i = #known + 3, #ARGV do
            redis.call('RPUSH', KEYS[1], ARGV[i])
        end
        return 1
        """;

    private readonly IDatabase _database;
    private readonly string _prefix;

    /// <summary>Creates the log on a connection that the caller owns.</summary>
    /// <param name="connection">The server.</param>
    /// <param name="config">Key prefix.</param>
    public RedisLedgerLog(IConnectionMultiplexer connection, StorageConfig config)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(config);
        _database = connection.GetDatabase();
        _prefix = $"{config.ServiceId}/ledger";
    }

    /// <inheritdoc />
    public async Task<LogAppendStatus> AppendAsync(
        string account, long first, ImmutableArray<string> entries, CancellationToken cancellationToken)
    {
        LogLine.Check(account, first, entries);
        // An account without entries in the index is harmless, entries of an account that is not in it would not be found.
        if (first == 1)
            await AskAsync(account, "list", _database.SetAddAsync($"{_prefix}/accounts", account), cancellationToken);
        for (var done = 0; done < entries.Length;)
        {
            var before = (first - 1 + done) % SegmentLines;
            var count = (int)Math.Min(entries.Length - done, SegmentLines - before);
            var status = await AppendSegmentAsync(account, first + done, entries.AsMemory().Slice(done, count), cancellationToken);
            if (status != LogAppendStatus.Appended)
                return status;
            done += count;
        }

        return LogAppendStatus.Appended;
    }

    /// <inheritdoc />
    public async Task<long> CountAsync(string account, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(account);
        var (full, beyond) = (0L, 1L);
        // A segment is there only when the one before it is full: double until one is not there, then halve.
        while (await LengthAsync(account, beyond, cancellationToken) > 0)
            (full, beyond) = (beyond, beyond * 2);
        while (beyond - full > 1)
        {
            var middle = full + ((beyond - full) / 2);
            (full, beyond) = await LengthAsync(account, middle, cancellationToken) > 0 ? (middle, beyond) : (full, middle);
        }

        return (full * SegmentLines) + await LengthAsync(account, full, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<LogEntry>> ReadAsync(string account, long first, int most, CancellationToken cancellationToken)
    {
        LogLine.CheckRange(account, first, most);
        var entries = ImmutableArray.CreateBuilder<LogEntry>();
        while (entries.Count < most)
        {
            var next = first + entries.Count;
            var start = (next - 1) % SegmentLines;
            var count = Math.Min(Math.Min(most - entries.Count, Page), SegmentLines - start);
            var lines = await AskAsync(
                account, "read", _database.ListRangeAsync(SegmentKey(account, (next - 1) / SegmentLines), start, start + count - 1), cancellationToken);
            for (var i = 0; i < lines.Length; i++)
                entries.Add(LogLine.Decode((string?)lines[i] ?? "", account, next + i));
            if (lines.Length < count)
                break;
        }

        return entries.DrainToImmutable();
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<string> AccountsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var accounts = _database.SetScanAsync($"{_prefix}/accounts", pageSize: Page).GetAsyncEnumerator(cancellationToken);
        await using (accounts)
        {
            while (await AskAsync("", "list", accounts.MoveNextAsync().AsTask(), cancellationToken))
                yield return (string?)accounts.Current ?? "";
        }
    }

    private Task<long> LengthAsync(string account, long segment, CancellationToken cancellationToken) =>
        AskAsync(account, "count", _database.ListLengthAsync(SegmentKey(account, segment)), cancellationToken);

    private async Task<LogAppendStatus> AppendSegmentAsync(
        string account, long first, ReadOnlyMemory<string> entries, CancellationToken cancellationToken)
    {
        var segment = (first - 1) / SegmentLines;
        var values = new RedisValue[entries.Length + 2];
        values[0] = (first - 1) % SegmentLines;
        values[1] = SegmentLines;
        for (var i = 0; i < entries.Length; i++)
            values[i + 2] = LogLine.Encode(first + i, entries.Span[i]);
        var answer = (int)await AskAsync(
            account,
            "append",
            _database.ScriptEvaluateAsync(Append, [SegmentKey(account, segment), SegmentKey(account, Math.Max(0, segment - 1))], values),
            cancellationToken);
        return answer is 1 or 2 or 3
            ? (LogAppendStatus)answer
            : throw new InvalidOperationException($"The append script answered {answer.ToString(CultureInfo.InvariantCulture)}.");
    }

    private RedisKey SegmentKey(string account, long segment) =>
        string.Create(CultureInfo.InvariantCulture, $"{_prefix}/{{{Uri.EscapeDataString(account)}}}/{segment}");

    internal static async Task<T> AskAsync<T>(string account, string command, Task<T> asked, CancellationToken cancellationToken)
    {
        try
        {
            return await asked.WaitAsync(cancellationToken);
        }
        catch (Exception cause) when (cause is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new LedgerLogUnavailableException(account, command, cause);
        }
    }
}
