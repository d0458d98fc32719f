using Microsoft.Extensions.Logging;

namespace Cascade.Providers.OpenAi;

/// <summary>
/// A key in a file, read again after a while. The file's time stamp is no help: a mounted secret is rotated by moving a folder's link,
/// which leaves the stamp of the path we know as it was.
/// </summary>
internal sealed partial class FileApiKey(string path, TimeProvider time, ILogger logger) : IApiKeySource
{
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);

    // Not a key but a mistaken path, and it would be sent to somebody else.
    private const int LargestFileBytes = 16 * 1024;

    private readonly Lock _lock = new();
    private string? _key;
    private long? _readAt;

    public string? Get()
    {
        lock (_lock)
        {
            if (_readAt is not { } readAt || time.GetElapsedTime(readAt) >= ReadEvery)
            {
                _key = Read() ?? _key;
                _readAt = time.GetTimestamp();
            }

            return _key;
        }
    }

    public void Refused()
    {
        lock (_lock)
            _readAt = null;
    }

    // While a file is being replaced it can be away or empty for a moment; the last key may still be good.
    private string? Read()
    {
        try
        {
            if (new FileInfo(path).Length <= LargestFileBytes && File.ReadAllText(path).Trim() is { Length: > 0 } key)
                return key;
            LogUnusable(logger, path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(logger, exception, path);
        }

        return null;
    }

    [LoggerMessage(410, LogLevel.Warning, "The key file {Path} could not be read; the last key stays in use")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string path);

    [LoggerMessage(411, LogLevel.Warning, "The key file {Path} is empty or too large to be a key; the last key stays in use")]
    private static partial void LogUnusable(ILogger logger, string path);
}
