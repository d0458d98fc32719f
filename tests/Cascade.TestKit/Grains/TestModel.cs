using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Planning.Calibration;
using Cascade.Planning.Decisions;
using Cascade.Planning.Plans;
using Cascade.Planning.Strategies;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.Verification;

namespace Cascade.TestKit.Grains;

/// <summary>Builds a cluster model for a test: an output token costs 1,000 nano-dollars and input is free unless said otherwise.</summary>
public sealed class TestModel
{
    /// <summary>Price of one output token at the default price, in nano-dollars.</summary>
    public const long TokenNanos = 1_000;

    private readonly Dictionary<string, EndpointModel> _endpoints = [];
    private readonly Dictionary<string, RouteModel> _routes = [];
    private readonly Dictionary<AccountId, AccountModel> _accounts = [];
    private readonly List<AccountTemplate> _templates = [];

    /// <summary>Adds an endpoint.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="caller">Who answers.</param>
    /// <param name="change">Changes it further.</param>
    /// <returns>This.</returns>
    public TestModel Endpoint(string name, IModelCaller caller, Func<EndpointModel, EndpointModel>? change = null)
    {
        var endpoint = new EndpointModel
        {
            Id = new EndpointId(name),
            Provider = "test",
            Caller = caller,
            Price = new PriceList(0, TokenNanos * 1_000_000),
            MaxInFlight = 1_000,
            MaxOutputTokens = 100,
            MinOutputTokens = 10,
            Quality = 0.9,
            ExpectedCostNanos = 10 * TokenNanos,
            Timeout = TimeSpan.FromSeconds(30),
            DrainOnCancel = false,
            MinBytesPerToken = 1,
        };
        _endpoints.Add(name, change?.Invoke(endpoint) ?? endpoint);
        return this;
    }

    /// <summary>Adds a route over endpoints that were added before.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="strategy">The strategy's name.</param>
    /// <param name="verifier">The judge, if any.</param>
    /// <param name="stages">The endpoints in order.</param>
    /// <returns>This.</returns>
    public TestModel Route(string name, string strategy, IVerifier? verifier, params string[] stages)
    {
        var models = stages.Select(StageOf).ToList();
        _routes.Add(name, new RouteModel
        {
            Name = name,
            Stages = [.. models],
            Policy = StrategyCatalog.Find(strategy)!.Fit(new StrategyInput
            {
                Models = [.. models.Select(m => new ModelProfile { Name = m.Id.Value, Quality = m.Quality, CostUsd = m.ExpectedCostNanos / 1e9 })],
            }),
            Verifier = verifier,
            Calibration = (ScoreCalibration?)null,
            CostWeight = 0,
        });
        return this;
    }

    /// <summary>Adds a route that serves a plan, whose models are named like endpoints that were added before.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="verifier">The judge, if any.</param>
    /// <param name="costWeight">The price of money, in quality per dollar.</param>
    /// <param name="budgetUsd">What a request may cost on average, in dollars; null for no such budget.</param>
    /// <returns>This.</returns>
    public TestModel PlanRoute(string name, PlanDocument plan, IVerifier? verifier, double costWeight, double? budgetUsd = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var served = new ServedPlan(PlanPolicy.Compile(plan), budgetUsd, Convert.ToHexStringLower(SHA256.HashData(PlanJson.Write(plan))));
        _routes.Add(name, new RouteModel
        {
            Name = name,
            Stages = [.. plan.Models.Select(m => StageOf(m.Name))],
            Policy = served.Policy,
            Plan = served,
            Verifier = verifier,
            Calibration = null,
            CostWeight = costWeight,
        });
        return this;
    }

    /// <summary>Adds an account with a hard cap per total life.</summary>
    /// <param name="path">Its path, or a pattern of paths.</param>
    /// <param name="capNanos">The cap, in nano-dollars; null for none.</param>
    /// <param name="expectedRequests">Requests expected, for pacing.</param>
    /// <param name="models">Caps per total life on what it spends on one endpoint, in nano-dollars.</param>
    /// <returns>This.</returns>
    public TestModel Account(string path, long? capNanos, int? expectedRequests = null, params (string Endpoint, long CapNanos)[] models) =>
        Batched(path, capNanos, exposureNanos: 0, expectedRequests, models);

    /// <summary>Adds an account with a hard cap per total life and batched durability.</summary>
    /// <param name="path">Its path, or a pattern of paths.</param>
    /// <param name="capNanos">The cap, in nano-dollars; null for none.</param>
    /// <param name="exposureNanos">The exposure of its leases, in nano-dollars; 0 for strict durability.</param>
    /// <param name="expectedRequests">Requests expected, for pacing.</param>
    /// <param name="models">Caps per total life on what it spends on one endpoint, in nano-dollars.</param>
    /// <returns>This.</returns>
    public TestModel Batched(
        string path, long? capNanos, long exposureNanos, int? expectedRequests = null, params (string Endpoint, long CapNanos)[] models)
    {
        ArgumentNullException.ThrowIfNull(models);
        AccountPattern? pattern = null;
        var id = AccountPattern.IsPattern(path) && AccountPattern.TryParse(path, out pattern, out _) ? pattern!.Parent : new AccountId(path);
        var account = new AccountModel
        {
            Id = id,
            Caps = capNanos is { } cap ? [Total(cap)] : [],
            ExpectedRequests = expectedRequests,
            Exposure = new Money(exposureNanos),
            Models = models.ToFrozenDictionary(m => m.Endpoint, m => ImmutableArray.Create(Total(m.CapNanos)), StringComparer.Ordinal),
        };
        if (pattern is null)
        {
            _accounts.Add(id, account);
        }
        else
        {
            _templates.Add(new AccountTemplate(pattern, account));
        }

        return this;
    }

    /// <summary>Changes an account that was added before.</summary>
    /// <param name="path">Its path, or its pattern.</param>
    /// <param name="change">What to change.</param>
    /// <returns>This.</returns>
    public TestModel Having(string path, Func<AccountModel, AccountModel> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (_templates.FindIndex(t => t.Pattern.ToString() == path) is >= 0 and var place)
        {
            _templates[place] = _templates[place] with { Account = change(_templates[place].Account) };
        }
        else
        {
            _accounts[new AccountId(path)] = change(_accounts[new AccountId(path)]);
        }

        return this;
    }

    /// <summary>Gives an account that was added before a key of its own for endpoints.</summary>
    /// <param name="path">Its path, or its pattern.</param>
    /// <param name="key">The key.</param>
    /// <param name="endpoints">The endpoints whose calls it signs.</param>
    /// <returns>This.</returns>
    public TestModel Bringing(string path, ProviderKey key, params string[] endpoints) => Having(path, account => account with
    {
        OwnKeys = endpoints.ToFrozenDictionary(static name => name, _ => new OwnKey(account.Id, key), StringComparer.Ordinal),
    });

    /// <summary>The model.</summary>
    /// <returns>The model.</returns>
    public ClusterModel Build() => new()
    {
        Endpoints = _endpoints.ToFrozenDictionary(StringComparer.Ordinal),
        Groups = StageModel.GroupsOf(_endpoints.Values).ToFrozenDictionary(static g => g.Id.Value, StringComparer.Ordinal),
        Routes = _routes.ToFrozenDictionary(StringComparer.Ordinal),
        Accounts = _accounts.ToFrozenDictionary(),
        Templates = [.. _templates],
    };

    private StageModel StageOf(string name) =>
        _endpoints.TryGetValue(name, out var endpoint) ? StageModel.Of(endpoint) : StageModel.GroupsOf(_endpoints.Values).Single(g => g.Id.Value == name);

    private static WindowCap Total(long nanos) => new() { Window = WindowKind.Total, Limit = new Money(nanos) };
}
