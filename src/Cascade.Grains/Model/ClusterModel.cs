using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Providers.Pricing;

namespace Cascade.Grains.Model;

/// <summary>
/// What the cluster serves and for whom: the validated, immutable form of the configuration. A request reads one instance from start to end.
/// </summary>
public sealed record ClusterModel
{
    /// <summary>Endpoints by name.</summary>
    public required FrozenDictionary<string, EndpointModel> Endpoints { get; init; }

    /// <summary>Groups of deployments by name; no group has the name of an endpoint.</summary>
    public FrozenDictionary<string, StageModel> Groups { get; init; } = FrozenDictionary<string, StageModel>.Empty;

    /// <summary>Routes by name; no route has the name of an endpoint or a group.</summary>
    public required FrozenDictionary<string, RouteModel> Routes { get; init; }

    /// <summary>Accounts by path.</summary>
    public required FrozenDictionary<AccountId, AccountModel> Accounts { get; init; }

    /// <summary>The price book that endpoints refer to; null when there is none.</summary>
    public LivePriceBook? Prices { get; init; }

    /// <summary>What accounts are that are not configured themselves.</summary>
    public ImmutableArray<AccountTemplate> Templates { get; init; } = [];

    /// <summary>Finds what a name that is no route's calls.</summary>
    /// <param name="name">The name of an endpoint or a group.</param>
    /// <returns>The stage; null when there is neither.</returns>
    public StageModel? FindStage(string name) =>
        Endpoints.TryGetValue(name, out var endpoint) ? StageModel.Of(endpoint) : Groups.GetValueOrDefault(name);

    /// <summary>Finds an account: the configured one, else the one that the template closest to it makes.</summary>
    /// <param name="id">The account.</param>
    /// <returns>The account; null when the cluster knows none of that path.</returns>
    public AccountModel? FindAccount(AccountId id)
    {
        if (Accounts.TryGetValue(id, out var account) || id.Value is null)
        {
            return account;
        }

        var template = Templates.Where(t => t.Pattern.Matches(id)).MinBy(t => t.Pattern.Depth);
        return template is null ? null : template.Account with { Id = id };
    }

    /// <summary>Finds a budget.</summary>
    /// <param name="key">The budget.</param>
    /// <returns>The budget; null when there is no such account, or it has no caps of its own for the endpoint.</returns>
    public BudgetModel? FindBudget(BudgetKey key) => FindAccount(key.Account) is not { } account ? null
        : string.IsNullOrEmpty(key.Endpoint) ? Whole(account)
        : Part(account, key.Endpoint);

    /// <summary>An account and those above it, as far as they are configured or have a template.</summary>
    /// <param name="account">The account.</param>
    /// <returns>From the leaf to the root; empty when there is no such account.</returns>
    public IReadOnlyList<AccountModel> PathOf(AccountId account)
    {
        var levels = new List<AccountModel>();
        for (var path = account.Value ?? ""; path.Length > 0; path = ParentOf(path))
        {
            if (FindAccount(new AccountId(path)) is { } level)
            {
                levels.Add(level);
            }
            else if (levels.Count == 0)
            {
                return [];
            }
        }

        return levels;
    }

    /// <summary>
    /// The budgets that pay for a call: of the account and of every account above it that is configured, each after its budgets for the
    /// endpoint and for the endpoint's group if it has them. The order is the same for all accounts, from the leaf to the root.
    /// </summary>
    /// <param name="account">Who asks.</param>
    /// <param name="endpoint">What is called; unset for no endpoint, which leaves caps on endpoints out.</param>
    /// <returns>The budgets; empty when there is no such account.</returns>
    public ImmutableArray<BudgetModel> BudgetsOf(AccountId account, EndpointId endpoint)
    {
        var budgets = ImmutableArray.CreateBuilder<BudgetModel>();
        var group = endpoint.Value is { } name && Endpoints.TryGetValue(name, out var called) ? called.Reliability.Group : "";
        foreach (var level in PathOf(account))
        {
            if (Part(level, endpoint.Value) is { } part)
            {
                budgets.Add(part);
            }

            if (Part(level, group) is { } ofGroup)
            {
                budgets.Add(ofGroup);
            }

            budgets.Add(Whole(level));
        }

        return budgets.DrainToImmutable();
    }

    private static string ParentOf(string path) => path[..Math.Max(0, path.LastIndexOf('/'))];

    private static BudgetModel Whole(AccountModel account) => new()
    {
        Key = new BudgetKey(account.Id),
        Caps = account.Caps,
        ExpectedRequests = account.ExpectedRequests,
        StartPrice = StartPriceOf(account),
        Exposure = account.Exposure,
    };

    /// <summary>The price that the plan gives to what the tightest cap leaves per request, as far as it is known before anything is spent.</summary>
    private static double StartPriceOf(AccountModel account)
    {
        if (account.WarmStart.IsEmpty || account.ExpectedRequests is not { } requests || account.Caps.IsEmpty)
        {
            return 0;
        }

        var hard = account.Caps.Where(static cap => cap.Hard).DefaultIfEmpty(account.Caps[0]);
        var perRequest = hard.Min(static cap => cap.Limit.Nanos) / (double)Money.NanosPerDollar / requests;
        var entry = account.WarmStart.LastOrDefault(start => start.BudgetUsd <= perRequest, account.WarmStart[0]);
        return entry.Price;
    }

    private static BudgetModel? Part(AccountModel account, string? endpoint) =>
        string.IsNullOrEmpty(endpoint) || !account.Models.TryGetValue(endpoint, out var caps)
            ? null
            : new BudgetModel { Key = new BudgetKey(account.Id, endpoint), Caps = caps, ExpectedRequests = null, Exposure = account.Exposure };
}
