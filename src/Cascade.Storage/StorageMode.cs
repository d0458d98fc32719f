namespace Cascade.Storage;

/// <summary>Where the cluster keeps its state.</summary>
public enum StorageMode
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>A Redis-protocol server inside this process with its files in the data directory: one machine, survives kill -9.</summary>
    Embedded = 1,

    /// <summary>A Redis 7 or Valkey server somewhere else: clusters.</summary>
    Redis = 2,

    /// <summary>Nothing is kept. For tests only.</summary>
    Memory = 3,
}
