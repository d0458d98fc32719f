using System.Collections.Concurrent;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;

namespace Cascade.Integration.Tests.Chaos;

/// <summary>An answer and when it came.</summary>
/// <param name="AskedAt">When it was asked, since the run began.</param>
/// <param name="AnsweredAt">When it was answered, since the run began.</param>
/// <param name="Account">Who asked.</param>
/// <param name="Answer">The answer; null when the server went away.</param>
internal sealed record TimedAnswer(TimeSpan AskedAt, TimeSpan AnsweredAt, string Account, Answer? Answer);

/// <summary>Callers that go from server to server, as behind a load balancer, until they are stopped.</summary>
internal sealed class ChaosCallers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ConcurrentQueue<TimedAnswer> _answers = new();
    private readonly IReadOnlyList<ServerProcess> _servers;
    private readonly Func<TimeSpan> _clock;
    private readonly Task _callers;
    private volatile bool _stopping;

    public ChaosCallers(
        IReadOnlyList<ServerProcess> servers, IReadOnlyList<ServerAccount> accounts, int callers, Func<TimeSpan> clock, CancellationToken cancellationToken)
    {
        (_servers, _clock) = (servers, clock);
        _callers = Task.WhenAll(Enumerable.Range(0, callers).Select(i => AskOnAsync(accounts[i % accounts.Count], i, cancellationToken)));
    }

    public IReadOnlyCollection<TimedAnswer> Answers => _answers;

    /// <summary>The endpoint that an account asks.</summary>
    public static string ModelOf(string account) => $"stub/{account}";

    public Task StopAsync()
    {
        _stopping = true;
        return _callers;
    }

    private async Task AskOnAsync(ServerAccount account, int caller, CancellationToken cancellationToken)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var turn = caller; !_stopping; turn++)
        {
            var asked = _clock();
            var answer = await AskAsync(_servers[turn % _servers.Count], account, caller, cancellationToken);
            _answers.Enqueue(new TimedAnswer(asked, _clock(), account.Name, answer));
            if (answer is not { IsServed: true })
                await pause.WaitForNextTickAsync(cancellationToken);
        }
    }

    private static async Task<Answer?> AskAsync(ServerProcess server, ServerAccount account, int caller, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await server.AskAsync(account, patience.Token, $"What is {caller} + 2?", ModelOf(account.Name));
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
