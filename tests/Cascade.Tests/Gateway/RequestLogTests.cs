using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class RequestLogTests
{
    [Fact]
    public async Task Ask_Answered_LogsOneLineWithIdsAndCostAndNoText()
    {
        using var logs = new MemoryLogs();
        await using (var gateway = await GatewayFixture.StartAsync(logs: logs))
        {
            using var response = await gateway.AskAsync("""{"model":"math","messages":[{"role":"user","content":"very secret question"}]}""");
        }

        var line = Assert.Single(logs.Lines, l => l.StartsWith("500 ", StringComparison.Ordinal));
        Assert.Contains("POST /v1/chat/completions 200", line, StringComparison.Ordinal);
        Assert.Contains("account=" + GatewayFixture.Account, line, StringComparison.Ordinal);
        Assert.Contains("cost_usd=0.000127500", line, StringComparison.Ordinal);
        Assert.Contains(Replies.TraceId, line, StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Lines, l => l.Contains("secret", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Lines, l => l.Contains(GatewayFixture.Key, StringComparison.Ordinal));
    }

    private sealed class MemoryLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
