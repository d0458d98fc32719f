using System.Globalization;

namespace Cascade.Storage.Embedded;

/// <summary>How the embedded server is set up.</summary>
internal static class EmbeddedSettings
{
    internal static string[] Arguments(StorageConfig config, string directory, int port) =>
    [
        "--bind", "127.0.0.1", "--port", Number(port), "-q",
        // Without transaction mode a script is not atomic here, and the compare-and-set of grain state is a script.
        "--lua", "--lua-transaction-mode",
        "--aof", "--aof-commit-freq", "0", "--aof-commit-wait", "--recover", "--fail-on-recovery-error",
        // Without a storage tier, records beyond the memory limit would be dropped.
        "--storage-tier", "--logdir", directory, "--checkpointdir", directory, "--device-type", "RandomAccess",
        "--memory", $"{Number(config.EmbeddedMemoryMebibytes)}m", "--page", "4m", "--segment", "64m", "--object-log-segment", "64m",
        "--index", "16m", "--aof-memory", "64m", "--aof-page-size", "16m", "--aof-segment-size", "64m",
        "--aof-size-limit", $"{Number(config.EmbeddedAppendLogMebibytes)}m",
    ];

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
