using System.Collections.Concurrent;
using Cascade.TestKit.Processes;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>Clients that ask one question after the other, until they are stopped or their server goes away.</summary>
internal sealed class Workload
{
    public const string Prompt = "What is 2 + 2?";

    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly Task _clients;
    private volatile bool _stopping;

    public Workload(ServerProcess server, ServerAccount account, int clients, CancellationToken cancellationToken, string prompt = Prompt) =>
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(_ => AskOnAsync(server, account, prompt, cancellationToken)));

    /// <summary>All answers so far.</summary>
    public IReadOnlyCollection<Answer> Answers => _answers;

    public int Served => _answers.Count(a => a.IsServed);

    /// <summary>Asks nothing more and waits for what is under way.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        return _clients;
    }

    private async Task AskOnAsync(ServerProcess server, ServerAccount account, string prompt, CancellationToken cancellationToken)
    {
        while (!_stopping && await server.TryAskAsync(account, prompt, cancellationToken) is { } answer)
            _answers.Enqueue(answer);
    }
}
