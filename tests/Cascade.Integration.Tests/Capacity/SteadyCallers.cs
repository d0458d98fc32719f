using System.Collections.Concurrent;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>A request that has ended.</summary>
/// <param name="AskedAt">When it was first asked.</param>
/// <param name="Answer">Its first answer; null when there was none.</param>
internal sealed record SteadyAnswer(TimeSpan AskedAt, Answer? Answer);

/// <summary>
/// Requests at a steady rate, however they fare. Some of those that are refused come back every second until they are served, so that a crowd waits
/// for a provider that is away.
/// </summary>
internal sealed class SteadyCallers
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<SteadyAnswer> _answers = new();
    private readonly ConcurrentBag<Task> _requests = [];
    private readonly IReadOnlyList<ServerProcess> _servers;
    private readonly ServerAccount _account;
    private readonly Func<TimeSpan> _clock;
    private readonly int _crowd;
    private readonly CancellationToken _cancellationToken;
    private readonly Task _asking;
    private int _waiting;
    private int _largestCrowd;
    private volatile bool _stopping;

    /// <summary>Begins to ask.</summary>
    /// <param name="servers">Who is asked, in turn.</param>
    /// <param name="account">Who pays.</param>
    /// <param name="perSecond">Requests a second.</param>
    /// <param name="crowd">How many of the refused come back at most.</param>
    /// <param name="clock">The clock of all times.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public SteadyCallers(
        IReadOnlyList<ServerProcess> servers, ServerAccount account, int perSecond, int crowd, Func<TimeSpan> clock, CancellationToken cancellationToken)
    {
        (_servers, _account, _crowd, _clock, _cancellationToken) = (servers, account, crowd, clock, cancellationToken);
        _asking = AskAllAsync(perSecond);
    }

    /// <summary>How each request first fared.</summary>
    public IReadOnlyCollection<SteadyAnswer> Answers => _answers;

    /// <summary>The largest crowd of refused requests that waited at once.</summary>
    public int LargestCrowd => Volatile.Read(ref _largestCrowd);

    /// <summary>Asks nothing more and waits for what is under way.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        await _asking;
        await Task.WhenAll(_requests);
    }

    private async Task AskAllAsync(int perSecond)
    {
        var began = _clock();
        using var timer = new PeriodicTimer(Tick);
        for (var asked = 0; !_stopping && await timer.WaitForNextTickAsync(_cancellationToken);)
        {
            for (; asked < (_clock() - began).TotalSeconds * perSecond; asked++)
                _requests.Add(AskAsync(asked));
        }
    }

    private async Task AskAsync(int number)
    {
        var askedAt = _clock();
        var answer = await TryAsync(number);
        _answers.Enqueue(new SteadyAnswer(askedAt, answer));
        if (answer is { IsServed: true })
            return;

        var waiting = Interlocked.Increment(ref _waiting);
        if (waiting <= _crowd)
        {
            NoteCrowd(waiting);
            await ComeBackAsync(number);
        }

        Interlocked.Decrement(ref _waiting);
    }

    // Many are refused at the same moment.
    private void NoteCrowd(int waiting)
    {
        for (var largest = LargestCrowd; waiting > largest;)
        {
            var before = Interlocked.CompareExchange(ref _largestCrowd, waiting, largest);
            if (before == largest)
                return;
            largest = before;
        }
    }

    private async Task ComeBackAsync(int number)
    {
        using var timer = new PeriodicTimer(ComeBack);
        while (!_stopping && await timer.WaitForNextTickAsync(_cancellationToken))
        {
            if (await TryAsync(++number) is { IsServed: true })
                return;
        }
    }

    private Task<Answer?> TryAsync(int number) => _servers[number % _servers.Count].TryAskAsync(_account, Workload.Prompt, _cancellationToken);
}
