using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Model;

/// <summary>One budget: what its ledger holds to.</summary>
public sealed record BudgetModel
{
    /// <summary>The budget's name.</summary>
    public required BudgetKey Key { get; init; }

    /// <summary>The caps; none means that spend is only counted.</summary>
    public required ImmutableArray<WindowCap> Caps { get; init; }

    /// <summary>Requests expected per window of the tightest cap; null derives it from the traffic.</summary>
    public required int? ExpectedRequests { get; init; }

    /// <summary>The shadow price before anything is spent, in quality per dollar.</summary>
    public double StartPrice { get; init; }

    /// <summary>
    /// The most that calls of one lease may add up to of which the journal does not have the latest word; zero when every call waits for the
    /// journal.
    /// </summary>
    public Money Exposure { get; init; }

    /// <summary>The children that have floors, by the last segments of their paths.</summary>
    public IEnumerable<string> Beneficiaries => Caps.SelectMany(static cap => cap.Floors).Select(static floor => floor.Beneficiary).Distinct();

    /// <summary>On whose behalf an account spends the budget.</summary>
    /// <param name="account">The account, or one below it.</param>
    /// <returns>The child with a floor that the account is or lies below of; empty when there is none.</returns>
    public string BeneficiaryOf(AccountId account)
    {
        var path = account.Value.AsSpan();
        var start = Key.Account.Value.Length + 1;
        if (path.Length <= start)
        {
            return "";
        }

        var rest = path[start..];
        var end = rest.IndexOf('/');
        var child = (end < 0 ? rest : rest[..end]).ToString();
        return Beneficiaries.Contains(child, StringComparer.Ordinal) ? child : "";
    }

    /// <summary>Whether a cap refuses.</summary>
    public bool IsHard => Caps.Any(static cap => cap.Hard);
}
