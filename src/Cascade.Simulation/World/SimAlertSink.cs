using Cascade.Contracts;
using Cascade.Grains.Budgets;

namespace Cascade.Simulation.World;

/// <summary>Who is told of alerts. It answers at once, and loses or doubts every few by count, not by chance.</summary>
internal sealed class SimAlertSink : IBudgetAlertSink
{
    private const int FailEvery = 3;
    private const int DoubtEvery = 5;
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private int _calls;

    /// <summary>Whether an alert has arrived.</summary>
    public bool WasTold(BudgetKey budget, long number) => _told.Contains($"{budget}/{number}");

    public Task DeliverAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        _calls++;
        if (_calls % FailEvery == 0)
        {
            return Task.FromException(new IOException("nobody took the alert"));
        }

        _told.Add(alert.Id);
        return _calls % DoubtEvery == 0 ? Task.FromException(new IOException("nobody knows whether the alert arrived")) : Task.CompletedTask;
    }
}
