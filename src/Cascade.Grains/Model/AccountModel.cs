using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Planning.Plans;

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

    /// <summary>
    /// The most that calls of one lease may add up to of which the journal does not have the latest word; zero when every call waits for the
    /// journal.
    /// </summary>
    public Money Exposure { get; init; }

    /// <summary>The route whose plan tells the shadow price to begin with; empty for none.</summary>
    public string WarmStartRoute { get; init; } = "";

    /// <summary>The shadow price to begin with at a budget per request; empty begins at 0.</summary>
    public ImmutableArray<PlanWarmStart> WarmStart { get; init; } = [];

    /// <summary>The caps on what the account spends on one endpoint, by the endpoint's name.</summary>
    public FrozenDictionary<string, ImmutableArray<WindowCap>> Models { get; init; } = FrozenDictionary<string, ImmutableArray<WindowCap>>.Empty;

    /// <summary>Which endpoints it may use, of those that the accounts above it allow; null for all of these.</summary>
    public EndpointFilter? Allow { get; init; }

    /// <summary>The keys that it brings, by the endpoint's name. They are those of the accounts below it too, unless these bring others.</summary>
    public FrozenDictionary<string, OwnKey> OwnKeys { get; init; } = FrozenDictionary<string, OwnKey>.Empty;
}

/// <summary>What every account of a pattern is when it is not configured itself.</summary>
/// <param name="Pattern">The pattern.</param>
/// <param name="Account">The account; its id is that of the pattern's parent and is replaced by the one that is asked for.</param>
public sealed record AccountTemplate(AccountPattern Pattern, AccountModel Account);
