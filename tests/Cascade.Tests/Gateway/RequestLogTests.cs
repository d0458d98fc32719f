using System.Collections.Concurrent;
using System.Text;
using Cascade.Contracts;
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

    [Fact]
    public async Task Stream_FailsAfterItHasBegun_TheFaultIsLoggedWithTheIdsThatTheCallerIsTold()
    {
        using var logs = new MemoryLogs();
        await using var gateway = await GatewayFixture.StartAsync(logs: logs);
        gateway.Cluster.OnStream = static (_, _) => PartAndThen(Task.FromException(new InvalidOperationException("scripted")));

        using var response = await gateway.AskAsync("""{"model":"math","stream":true,"messages":[{"role":"user","content":"6*7?"}]}""");
        Assert.Contains("internal_error", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var line = Assert.Single(logs.Lines, static l => l.StartsWith("502 ", StringComparison.Ordinal));
        Assert.Contains(response.Headers.GetValues("x-request-id").Single(), line, StringComparison.Ordinal);
        Assert.Contains(logs.Errors, static e => e.Contains("scripted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stream_ClientLeaves_IsNoError()
    {
        using var logs = new MemoryLogs();
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (var gateway = await GatewayFixture.StartAsync(logs: logs))
        {
            gateway.Cluster.OnStream = (_, ct) => PartAndThen(UntilAsync(left, ct));
            using var request = new HttpRequestMessage(HttpMethod.Post, GatewayFixture.Chat)
            {
                Content = new StringContent("""{"model":"math","stream":true,"messages":[{"role":"user","content":"6*7?"}]}""", Encoding.UTF8, "application/json"),
            };
            using (await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
            {
            }

            await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await gateway.StopAsync();
        }

        Assert.Contains("code=cancelled", Assert.Single(logs.Lines, static l => l.StartsWith("500 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Empty(logs.Errors);
    }

    private static async IAsyncEnumerable<CascadeUpdate> PartAndThen(Task next)
    {
        yield return new CascadeUpdate { Kind = CascadeUpdateKind.Committed, Endpoint = new EndpointId("m") };
        yield return new CascadeUpdate { Kind = CascadeUpdateKind.Text, Text = "forty" };
        await next;
    }

    private static async Task UntilAsync(TaskCompletionSource left, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(() => left.TrySetResult());
        await left.Task;
        cancellationToken.ThrowIfCancellationRequested();
    }

    private sealed class MemoryLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ConcurrentQueue<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{eventId.Id} {formatter(state, exception)}");
            if (logLevel >= LogLevel.Error)
            {
                Errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
