using Microsoft.Extensions.Logging;

namespace Cascade.Storage;

internal sealed partial class StorageAnnouncement
{
    [LoggerMessage(610, LogLevel.Warning, "Storage mode is memory: all budgets and spend are forgotten when this process ends. For tests only")]
    private static partial void LogMemory(ILogger logger);

    [LoggerMessage(611, LogLevel.Information, "Storage mode is {Mode}, service {ServiceId}, cluster {ClusterId}")]
    private static partial void LogDurable(ILogger logger, StorageMode mode, string serviceId, string clusterId);
}
