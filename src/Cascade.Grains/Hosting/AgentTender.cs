using Cascade.Grains.Budgets;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Hosting;

/// <summary>Looks after the silo's agents while it serves, and gives their leases back when it stops.</summary>
internal sealed partial class AgentTender(
    BudgetAgent budget,
    EndpointAgent endpoints,
    RequestsUnderWay requests,
    TimeProvider time,
    IOptions<CascadeOptions> options,
    ILogger<AgentTender> logger) : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;
    private long _stopped;

    public void Participate(ISiloLifecycle observer)
    {
        // A client leaves a silo as soon as the last stage stops, and with it the streams that it reads there; so they are waited for before that.
        observer.Subscribe(nameof(RequestsUnderWay), ServiceLifecycleStage.Active + 1, static _ => Task.CompletedTask, WaitForRequestsAsync);
        observer.Subscribe(nameof(AgentTender), ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    public void Dispose() => _stopping.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = LoopAsync();
        return Task.CompletedTask;
    }

    private async Task WaitForRequestsAsync(CancellationToken cancellationToken)
    {
        _stopped = time.GetTimestamp();
        requests.Stop();
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        while (requests.Old > 0 && HasTime && await timer.WaitForNextTickAsync(cancellationToken))
        {
            // It goes on as before meanwhile.
        }
    }

    private bool HasTime => time.GetElapsedTime(_stopped) < options.Value.StopWait;

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
        await GiveBackAsync(cancellationToken);
        LogStopped(budget.LeaseCount);
    }

    /// <summary>
    /// Calls under way end before their silo does, if they do in time: of a call that breaks off nobody knows the cost, and its lease is taken back without
    /// its holder's word.
    /// </summary>
    private async Task GiveBackAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        do
        {
            await Task.WhenAll(budget.TendAsync(giveAllBack: true), TendAsync(endpoints.TendAsync(cancellationToken))).WaitAsync(cancellationToken);
        }
        while (budget.LeaseCount > 0 && HasTime && await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(options.Value.ReportInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                _ = TendAsync(budget.TendAsync(giveAllBack: false));
                _ = TendAsync(endpoints.TendAsync(_stopping.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    /// <summary>Not awaited by the loop: what takes long for one account must not keep the others' leases from being renewed.</summary>
    private async Task TendAsync(Task tending)
    {
        try
        {
            await tending;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogTendFailed(e);
        }
    }

    [LoggerMessage(EventId = 330, Level = LogLevel.Error, Message = "Leases and slices could not be looked after; it is tried again")]
    private partial void LogTendFailed(Exception exception);

    [LoggerMessage(EventId = 331, Level = LogLevel.Information, Message = "Leases were given back; {Left} budgets still have calls in flight")]
    private partial void LogStopped(int left);
}
