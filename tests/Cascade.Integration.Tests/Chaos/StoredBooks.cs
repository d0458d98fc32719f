using System.Globalization;
using System.Text.Json;
using Cascade.TestKit.Providers;
using StackExchange.Redis;
using Xunit;

namespace Cascade.Integration.Tests.Chaos;

/// <summary>An attempt whose cost is open, as the ledger holds it.</summary>
internal readonly record struct HeldAttempt(long LowerNanos, long UpperNanos);

/// <summary>What the storage holds of one account, read past the cluster: the ledger's record and every usage stream.</summary>
internal sealed record StoredBooks(
    long SettledNanos, IReadOnlyDictionary<string, HeldAttempt> Unconfirmed, IReadOnlyDictionary<string, long> JournalledNanos, int OpenStreams)
{
    /// <summary>Calls that were begun and whose end no stream has: held, or settled later by the silo that came back.</summary>
    public int IntentsWithoutEnd { get; private init; }

    public static async Task<StoredBooks> ReadAsync(IConnectionMultiplexer redis, string account)
    {
        var database = redis.GetDatabase();
        var data = await database.HashGetAsync($"cascade/state/cascade.budget/{account}/ledger", "data");
        using var record = JsonDocument.Parse(data.IsNull ? "{}" : data.ToString());
        var held = record.RootElement.TryGetProperty("unconfirmed", out var list) ? list.EnumerateArray().ToList() : [];
        var begun = new HashSet<string>(StringComparer.Ordinal);
        var (settled, open) = await ReadStreamsAsync(redis, database, account, begun);
        return new StoredBooks(
            record.RootElement.TryGetProperty("settledNanos", out var total) ? total.GetInt64() : 0,
            held.ToDictionary(
                entry => entry.GetProperty("attemptId").GetString()!,
                entry => new HeldAttempt(Nanos(entry, "lowerNanos"), Nanos(entry, "upperNanos"))),
            settled,
            open)
        {
            IntentsWithoutEnd = begun.Count,
        };
    }

    /// <summary>
    /// Compares with the provider's own log, attempt by attempt: every bill is either among what is settled, at its amount, or within the bounds
    /// of an attempt that is held; and nothing is settled that was not billed. Every bill is found in a stream or among what is held.
    /// </summary>
    public void CheckAgainst(IReadOnlyCollection<StubBill> bills, long capNanos)
    {
        Assert.Equal(bills.Count, bills.DistinctBy(bill => bill.AttemptId).Count());
        var billed = bills.ToDictionary(bill => bill.AttemptId, bill => bill.Nanos);
        foreach (var (attempt, nanos) in JournalledNanos)
        {
            Assert.True(billed.TryGetValue(attempt, out var bill), $"attempt {attempt} is settled at {nanos} and was never billed");
            Assert.True(bill == nanos, $"attempt {attempt} is settled at {nanos} and was billed {bill}");
        }

        foreach (var (attempt, bounds) in Unconfirmed)
        {
            Assert.False(JournalledNanos.ContainsKey(attempt), $"attempt {attempt} is held although its cost is in the journal");
            var bill = billed.GetValueOrDefault(attempt);
            Assert.True(bill >= bounds.LowerNanos && bill <= bounds.UpperNanos, $"attempt {attempt} was billed {bill} and is held at {bounds}");
        }

        var untold = billed.Keys.Where(attempt => !JournalledNanos.ContainsKey(attempt) && !Unconfirmed.ContainsKey(attempt)).ToArray();
        Assert.True(untold.Length == 0, $"{untold.Length} bills are neither settled in a stream nor held, for example {untold.FirstOrDefault()}");
        Assert.Equal(billed.Where(bill => !Unconfirmed.ContainsKey(bill.Key)).Sum(bill => bill.Value), SettledNanos);
        Assert.InRange(billed.Values.Sum(), 0, capNanos);
        Assert.InRange(SettledNanos + Unconfirmed.Values.Sum(attempt => attempt.UpperNanos), 0, capNanos);
    }

    private static long Nanos(JsonElement entry, string name) => entry.GetProperty(name).GetInt64();

    private static async Task<(Dictionary<string, long> Settled, int Open)> ReadStreamsAsync(
        IConnectionMultiplexer redis, IDatabase database, string account, HashSet<string> begun)
    {
        var ended = new HashSet<string>(StringComparer.Ordinal);
        var settled = new Dictionary<string, long>(StringComparer.Ordinal);
        var open = 0;
        var pattern = $"cascade/journal/{{{Uri.EscapeDataString(account)}:*}}/*";
        await foreach (var key in redis.GetServers().Single().KeysAsync(pattern: pattern))
        {
            open += key.ToString().EndsWith("/open", StringComparison.Ordinal) ? 1 : 0;
            foreach (var line in await database.ListRangeAsync(key))
                Read(line.ToString().Split(' '), settled, begun, ended);
        }

        begun.ExceptWith(ended);
        return (settled, open);
    }

    /// <summary>An attempt may end twice in a stream (a repeated write); the first end counts, as in every reader.</summary>
    private static void Read(string[] fields, Dictionary<string, long> settled, HashSet<string> begun, HashSet<string> ended)
    {
        if (fields[1] == "I")
            begun.Add(Uri.UnescapeDataString(fields[3]));
        else if (fields[1] is "S" or "V" or "U")
            ended.Add(Uri.UnescapeDataString(fields[3]));
        if (fields[1] == "S")
            settled.TryAdd(Uri.UnescapeDataString(fields[3]), long.Parse(fields[8], CultureInfo.InvariantCulture));
    }
}
