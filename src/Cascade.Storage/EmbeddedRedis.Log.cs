using Microsoft.Extensions.Logging;

namespace Cascade.Storage;

public sealed partial class EmbeddedRedis
{
    [LoggerMessage(620, LogLevel.Information, "The embedded server listens on 127.0.0.1:{Port} with its files in {Directory}")]
    private static partial void LogStarted(ILogger logger, int port, string directory);

    [LoggerMessage(621, LogLevel.Information, "The embedded server has stopped")]
    private static partial void LogStopped(ILogger logger);
}
