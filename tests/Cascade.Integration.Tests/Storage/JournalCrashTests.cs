using System.Globalization;

using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Redis;
using Cascade.TestKit.Processes;

using Microsoft.Extensions.Logging.Abstractions;

using StackExchange.Redis;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>A process that is killed while it writes keeps every promise it made.</summary>
public sealed class JournalCrashTests
{
    private const int EntriesPerLease = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(256, 256, 20_000, false)]
    // So small that the run passes a checkpoint, which cuts the append-only file.
    [InlineData(64, 64, 600_000, true)]
    public async Task Kill_WhileWritersAppend_LosesNothingAcknowledged(int memoryMebibytes, int appendLogMebibytes, int lines, bool checkpoints)
    {
        using var directory = new TempDirectory();
        var said = await WorkAndKillAsync(directory.Path, memoryMebibytes, appendLogMebibytes, lines);
        var appended = said.Where(l => l[0] == "A").GroupBy(l => l[1], l => l[2]).ToDictionary(g => g.Key, g => g.ToArray());
        var sealedLeases = said.Where(l => l[0] == "S").Select(l => l[1]).ToHashSet();

        var config = Config(directory.Path, memoryMebibytes, appendLogMebibytes);
        await using var server = await EmbeddedRedis.StartAsync(config, NullLoggerFactory.Instance, Token);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString);
        await using var journal = new RedisUsageJournal(connection, connection, config, NullLogger<RedisUsageJournal>.Instance);

        Assert.Equal(checkpoints, Directory.Exists(Path.Combine(directory.Path, "Store", "checkpoints")));
        Assert.NotEmpty(sealedLeases);
        Assert.DoesNotContain(said, l => l[0] == "F");
        foreach (var (lease, attempts) in appended)
            await CheckLeaseAsync(journal, new JournalKey("acme", lease), attempts, sealedLeases.Contains(lease));
    }

    private static StorageConfig Config(string directory, int memoryMebibytes, int appendLogMebibytes) => new()
    {
        DataDirectory = directory,
        EmbeddedMemoryMebibytes = memoryMebibytes,
        EmbeddedAppendLogMebibytes = appendLogMebibytes,
    };

    private static async Task<string[][]> WorkAndKillAsync(string directory, int memoryMebibytes, int appendLogMebibytes, int lines)
    {
        await using var worker = ChildProcess.StartDotnet(
            Path.Combine(AppContext.BaseDirectory, "Cascade.TestKit.Worker.dll"),
            [
                "journal", directory,
                memoryMebibytes.ToString(CultureInfo.InvariantCulture), appendLogMebibytes.ToString(CultureInfo.InvariantCulture),
            ]);
        await worker.WaitForCountAsync(lines, Token);
        await worker.KillAsync(Token);
        return [.. worker.Lines.Select(line => line.Split(' ')).Where(fields => fields[^1] == ".")];
    }

    private static async Task CheckLeaseAsync(RedisUsageJournal journal, JournalKey key, string[] acknowledged, bool wasSealed)
    {
        if (wasSealed)
            Assert.Equal(AppendStatus.Fenced, await journal.AppendAsync(key, Late(), Token));
        var found = (await journal.SealAsync(key, Token)).Entries.Select(entry => entry.AttemptId).ToArray();

        Assert.True(acknowledged.SequenceEqual(found.Take(acknowledged.Length)), $"stream {key} lost acknowledged entries");
        // One writer at a time per stream: at most the one entry that was in flight may be there unacknowledged.
        Assert.InRange(found.Length, acknowledged.Length, acknowledged.Length + 1);
        Assert.True(!wasSealed || found.Length == EntriesPerLease, $"sealed stream {key} has {found.Length} entries");
    }

    private static JournalEntry Late() => new()
    {
        Kind = JournalEntryKind.Intent,
        AttemptId = "late",
        At = DateTimeOffset.UnixEpoch,
    };
}
