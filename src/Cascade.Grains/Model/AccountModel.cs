using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Model;

/// <summary>One account: its caps and what its shadow price is paced to.</summary>
public sealed record AccountModel
{
    /// <summary>The account's path.</summary>
    public required AccountId Id { get; init; }

    /// <summary>The caps; none means that spend is only counted.</summary>
    public required ImmutableArray<WindowCap> Caps { get; init; }

    /// <summary>Requests expected per window of the tightest cap; null derives it from the traffic.</summary>
    public required int? ExpectedRequests { get; init; }

    /// <summary>Its share of busy endpoints beside other tenants, above 0; that of the first segment counts for everything below it.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The class of its requests; a request may lower it.</summary>
    public RequestPriority Priority { get; init; } = RequestPriority.Interactive;
}
