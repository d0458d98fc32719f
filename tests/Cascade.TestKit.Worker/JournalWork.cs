using System.Globalization;

using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Redis;

using Microsoft.Extensions.Logging.Abstractions;

using StackExchange.Redis;

namespace Cascade.TestKit.Worker;

/// <summary>
/// Opens, fills and seals usage streams on an embedded server for ever, and says of each step that it was acknowledged:
/// <c>A lease attempt .</c> and <c>S lease .</c>. The dot tells a whole line from one that the kill cut short.
/// </summary>
internal static class JournalWork
{
    internal const int EntriesPerLease = 100;

    private const int Writers = 64;

    internal static async Task<int> RunAsync(string directory, string memoryMebibytes, string appendLogMebibytes)
    {
        var config = new StorageConfig
        {
            DataDirectory = directory,
            EmbeddedMemoryMebibytes = int.Parse(memoryMebibytes, CultureInfo.InvariantCulture),
            EmbeddedAppendLogMebibytes = int.Parse(appendLogMebibytes, CultureInfo.InvariantCulture),
        };
        await using var server = await EmbeddedRedis.StartAsync(config, NullLoggerFactory.Instance, CancellationToken.None);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await using var journal = new RedisUsageJournal(connection, connection, config, NullLogger<RedisUsageJournal>.Instance);
        Console.WriteLine("ready");
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(journal, writer)));
        return 1;
    }

    private static async Task WriteAsync(RedisUsageJournal journal, int writer)
    {
        for (var lease = 0; ; lease++)
        {
            var key = new JournalKey("acme", $"w{writer}-l{lease}");
            await journal.OpenAsync(key, CancellationToken.None);
            for (var entry = 0; entry < EntriesPerLease; entry++)
            {
                var status = await journal.AppendAsync(key, Entry($"{key.LeaseId}-a{entry}"), CancellationToken.None);
                Console.WriteLine($"{(status == AppendStatus.Appended ? 'A' : 'F')} {key.LeaseId} {key.LeaseId}-a{entry} .");
            }

            _ = await journal.SealAsync(key, CancellationToken.None);
            Console.WriteLine($"S {key.LeaseId} .");
        }
    }

    private static JournalEntry Entry(string attempt) => new()
    {
        Kind = JournalEntryKind.Intent,
        AttemptId = attempt,
        At = DateTimeOffset.UnixEpoch,
        Endpoint = "openai/gpt-4o-mini@eastus",
        LowerNanos = 1_000,
        UpperNanos = 250_000,
    };
}
