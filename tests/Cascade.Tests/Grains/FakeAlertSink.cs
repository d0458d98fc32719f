using Cascade.Grains.Budgets;

namespace Cascade.Tests.Grains;

/// <summary>Keeps what it is told, and does not take it while a test says so.</summary>
internal sealed class FakeAlertSink : IBudgetAlertSink
{
    /// <summary>Every try, in order.</summary>
    public List<BudgetAlert> Tries { get; } = [];

    /// <summary>What was taken, in order.</summary>
    public List<BudgetAlert> Taken { get; } = [];

    public bool IsAway { get; set; }

    public Task DeliverAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        Tries.Add(alert);
        if (IsAway)
        {
            return Task.FromException(new HttpRequestException("nobody answers"));
        }

        Taken.Add(alert);
        return Task.CompletedTask;
    }
}
