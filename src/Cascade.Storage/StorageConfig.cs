namespace Cascade.Storage;

/// <summary>Where and how the cluster keeps its state; bound from the section <c>Cascade:Storage</c>.</summary>
public sealed record StorageConfig
{
    /// <summary>The configuration section this type is bound from.</summary>
    public const string SectionName = "Cascade:Storage";

    /// <summary>Where state is kept. Default: <c>embedded</c>. <c>memory</c> keeps nothing and is for tests only.</summary>
    public StorageMode Mode { get; init; } = StorageMode.Embedded;

    /// <summary>
    /// The server as <c>host:port[,option=value]</c> in the syntax of StackExchange.Redis. Required in mode <c>redis</c>; in mode
    /// <c>embedded</c> it is filled in by <see cref="EmbeddedRedis.Connect"/> and must be empty in configuration.
    /// </summary>
    public string RedisConnection { get; init; } = "";

    /// <summary>The folder of the embedded server's files, used by one process at a time. Default: <c>./data</c>.</summary>
    public string DataDirectory { get; init; } = "./data";

    /// <summary>Prefix of every key; the same for all clusters that share state over time. Default: <c>cascade</c>.</summary>
    public string ServiceId { get; init; } = "cascade";

    /// <summary>Names the set of silos that see each other. Default: <c>local</c>.</summary>
    public string ClusterId { get; init; } = "local";

    /// <summary>
    /// How long a booked usage stream is kept for audits before the server drops it. Default: 35 days, longer than the longest calendar
    /// month; at least 1 second.
    /// </summary>
    public TimeSpan JournalRetention { get; init; } = TimeSpan.FromDays(35);

    /// <summary>How many appends may wait in this process before the next is refused. Default: 65 536 entries; 1 to 1 048 576.</summary>
    public int JournalQueueLimit { get; init; } = 65_536;

    /// <summary>How many entries one round trip carries at most. Default: 1 024 entries; 1 to 65 536.</summary>
    public int JournalBatchLimit { get; init; } = 1_024;

    /// <summary>
    /// How long an entry that nobody waits for may be held back to share a round trip; only batched durability writes such entries.
    /// Default: 2 milliseconds; 0 to 1 second.
    /// </summary>
    public TimeSpan JournalBatchDelay { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How many entries one read of a sealed stream asks for. Default: 4 096 entries; 1 to 65 536.</summary>
    public int JournalPageSize { get; init; } = 4_096;

    /// <summary>
    /// How long a command waits for its answer before its outcome counts as unknown. Default: 5 seconds; 100 milliseconds to 1 minute.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The port of the embedded server on 127.0.0.1. Default: 0, a free port is picked.</summary>
    public int EmbeddedPort { get; init; }

    /// <summary>
    /// Memory for the embedded server's records, in mebibytes; what does not fit goes to its files. Default: 256 MiB; 64 to 65 536 MiB.
    /// </summary>
    public int EmbeddedMemoryMebibytes { get; init; } = 256;

    /// <summary>
    /// Size of the embedded server's append-only file at which it takes a checkpoint and drops the part the checkpoint covers, in
    /// mebibytes, rounded down to a power of two. Default: 256 MiB; 64 to 65 536 MiB.
    /// </summary>
    public int EmbeddedAppendLogMebibytes { get; init; } = 256;
}
