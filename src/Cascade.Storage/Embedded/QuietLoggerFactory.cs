using Microsoft.Extensions.Logging;

namespace Cascade.Storage.Embedded;

/// <summary>Passes on what the server says from Warning up; its Information lines are about itself, not about the cluster.</summary>
internal sealed class QuietLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new QuietLogger(inner.CreateLogger($"Cascade.Storage.EmbeddedRedis.{categoryName}"));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    // The factory that is wrapped belongs to the host.
    public void Dispose()
    {
    }

    private sealed class QuietLogger(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
