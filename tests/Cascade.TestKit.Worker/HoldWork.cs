using Cascade.Storage;

using Microsoft.Extensions.Logging.Abstractions;

namespace Cascade.TestKit.Worker;

/// <summary>Runs an embedded server on a directory until the process is ended.</summary>
internal static class HoldWork
{
    internal static async Task<int> RunAsync(string directory)
    {
        var config = new StorageConfig { DataDirectory = directory };
        await using var server = await EmbeddedRedis.StartAsync(config, NullLoggerFactory.Instance, CancellationToken.None);
        Console.WriteLine("ready");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        return 0;
    }
}
