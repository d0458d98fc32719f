using Cascade.Simulation.Auditing;
using Microsoft.Extensions.Logging;

namespace Cascade.Simulation.World;

/// <summary>Listens to what the code says it meets. Something critical is a violation.</summary>
internal sealed class SimLogger(Coverage coverage, Auditor auditor) : ILogger
{
    private const int LeaseLost = 213;
    private const int LateEnd = 214;
    private const int WriteRetried = 215;
    private const int LostTold = 217;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel == LogLevel.Critical)
        {
            auditor.Alarmed(formatter(state, exception));
        }

        switch (eventId.Id)
        {
            case LeaseLost:
                coverage.Note(Seen.LeaseLost);
                break;
            case LateEnd:
                coverage.Note(Seen.LateEndTold);
                break;
            case LostTold:
                coverage.Note(Seen.ExposureTold);
                break;
            case WriteRetried:
                coverage.Note(Seen.EndRetried);
                break;
            default:
                break;
        }
    }
}
