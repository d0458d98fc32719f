using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>A budget's spend has reached a percentage of one of its caps.</summary>
/// <param name="Id">Names the alert; it is the same when the alert is told again.</param>
/// <param name="Budget">The budget.</param>
/// <param name="Cap">The cap.</param>
/// <param name="Percent">The percentage.</param>
/// <param name="SpentNanos">What was settled and unconfirmed in the window then, in nano-dollars.</param>
/// <param name="LimitNanos">The limit then, overrides included, in nano-dollars.</param>
/// <param name="At">When it was reached, by the ledger's clock.</param>
public sealed record BudgetAlert(string Id, BudgetKey Budget, CapKey Cap, int Percent, long SpentNanos, long LimitNanos, DateTimeOffset At);

/// <summary>Is told of every alert, at least once. Thread-safe.</summary>
public interface IBudgetAlertSink
{
    /// <summary>Tells an alert. Completes when it has arrived.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Cancels the wait; nobody knows then whether it arrived.</param>
    /// <exception cref="Exception">It did not arrive, or nobody knows; it is told again.</exception>
    Task DeliverAsync(BudgetAlert alert, CancellationToken cancellationToken);
}

/// <summary>Nobody else is told: alerts are in the log and counted.</summary>
internal sealed class NoAlertSink : IBudgetAlertSink
{
    public Task DeliverAsync(BudgetAlert alert, CancellationToken cancellationToken) => Task.CompletedTask;
}
