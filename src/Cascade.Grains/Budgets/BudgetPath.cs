using System.Collections.Immutable;
using Cascade.Grains.Model;

namespace Cascade.Grains.Budgets;

/// <summary>The purses that pay for the calls of one account to one endpoint, from the leaf to the root. Immutable.</summary>
internal sealed class BudgetPath(ImmutableArray<BudgetModel> budgets, ImmutableArray<Purse> purses)
{
    public ImmutableArray<Purse> Purses => purses;

    /// <summary>Whether a cap of any level refuses.</summary>
    public bool IsHard { get; } = budgets.Any(static budget => budget.IsHard);

    /// <summary>The price of money over all levels, in quality per dollar.</summary>
    public double ShadowPrice
    {
        get
        {
            var sum = 0.0;
            foreach (var purse in purses)
            {
                sum += purse.ShadowPrice;
            }

            return sum;
        }
    }
}
