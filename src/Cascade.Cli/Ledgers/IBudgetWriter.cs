using Cascade.Contracts;

namespace Cascade.Cli.Ledgers;

/// <summary>Tells budgets of a running cluster what attempts really cost.</summary>
internal interface IBudgetWriter
{
    /// <summary>Replaces the interval of an attempt by its cost. Safe to repeat under the same operation id.</summary>
    Task<BudgetStatus> ReconcileAsync(string budget, Reconciliation reconciliation, CancellationToken cancellationToken);
}
