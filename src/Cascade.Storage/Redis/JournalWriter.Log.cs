using Cascade.Storage.Journal;

using Microsoft.Extensions.Logging;

namespace Cascade.Storage.Redis;

internal sealed partial class JournalWriter
{
    [LoggerMessage(600, LogLevel.Warning, "The outcome of {Count} appends to usage stream {Stream} is unknown")]
    private static partial void LogAppendsUnknown(ILogger logger, JournalKey stream, int count, Exception cause);
}
