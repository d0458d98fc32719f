using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.Storage;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Configuration;

/// <summary>Turns a configuration into the model the cluster runs on, or into the list of everything that is wrong with it.</summary>
public static class ClusterModelBuilder
{
    /// <summary>Checks the configuration and builds the model.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="callers">Makes the callers of endpoints; null checks only, for a process that calls no model.</param>
    /// <param name="time">The clock by which the price book is looked at again; null for the system's.</param>
    /// <param name="loggers">Where changes of the price book are told; null for nowhere.</param>
    /// <returns>The model when there is no problem and callers are given; the problems otherwise.</returns>
    public static ClusterModelResult Build(
        CascadeConfig config, IModelCallerFactory? callers, TimeProvider? time = null, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        var problems = new List<string>();
        problems.AddRange(StorageConfigValidator.Check(Path(nameof(config.Storage)), config.Storage));
        problems.AddRange(SettingChecks.Check(Path(nameof(config.Cluster)), config.Cluster));
        problems.AddRange(SettingChecks.Check(Path(nameof(config.Http)), config.Http));
        problems.AddRange(SettingChecks.Check(Path(nameof(config.Telemetry)), config.Telemetry));
        problems.AddRange(SettingChecks.Check(Path(nameof(config.Alerts)), config.Alerts, readsEnvironment: callers is not null));
        problems.AddRange(SettingChecks.Check(Path(nameof(config.Limits)), config.Limits));
        problems.AddRange(SettingChecks.CheckStop(CascadeConfig.SectionName, config.Http, config.Limits));
        var prices = new PriceReader(problems);
        prices.Read(Path(nameof(config.Prices)), config.Prices, readsFiles: callers is not null);
        CheckEndpoints(config, callers is not null, prices, problems);
        CheckGroups(config, problems);
        var routes = new RouteReader(problems, StageNames.Of(config).ToHashSet(StringComparer.Ordinal), readsPlans: callers is not null);
        CheckRoutes(config, routes, problems);
        var ownKeys = new OwnKeyReader(problems, config, readsKeys: callers is not null, time ?? TimeProvider.System, loggers);
        var accounts = new AccountReader(problems, config, ownKeys);
        new ExposureReader(problems, config.Budgets).ReadDefaults(Path(nameof(config.Budgets)));
        foreach (var (name, account) in config.Accounts)
        {
            accounts.Read(Path(nameof(config.Accounts), name), name, account);
        }

        accounts.CheckPaths();

        for (var i = 0; i < config.Http.AdminKeyHashes.Count; i++)
        {
            if (ApiKeys.TryNormalizeHash(config.Http.AdminKeyHashes[i], out var hash) && accounts.AccountsByKeyHash.TryGetValue(hash, out var account))
            {
                problems.Add($"{Path(nameof(config.Http))}:{nameof(config.Http.AdminKeyHashes)}:{i} is also a key of account '{account}', which could raise its own caps; make a key for operators alone");
            }
        }

        var live = prices.Live(config, time, loggers?.CreateLogger<LivePriceBook>());
        var model = problems.Count == 0 && callers is not null ? BuildModel(config, callers, live, routes, accounts) : null;
        return new ClusterModelResult
        {
            Model = problems.Count == 0 ? model : null,
            AccountsByKeyHash = accounts.AccountsByKeyHash,
            Problems = [.. problems],
        };
    }

    private static void CheckEndpoints(CascadeConfig config, bool callsModels, PriceReader prices, List<string> problems)
    {
        if (config.Endpoints.Count == 0)
        {
            problems.Add($"{Path(nameof(config.Endpoints))} is empty; configure at least one endpoint");
        }

        foreach (var (name, endpoint) in config.Endpoints)
        {
            endpoint.EnableSensitiveData |= config.Telemetry.EnableSensitiveData;
            var path = Path(nameof(config.Endpoints), name);
            CheckName(path, name, problems);
            if (callsModels)
            {
                problems.AddRange(EndpointConfigValidator.Check(path, endpoint));
                prices.Check(path, endpoint);
            }
        }
    }

    private static void CheckGroups(CascadeConfig config, List<string> problems)
    {
        var spelt = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, endpoint) in config.Endpoints.Where(static e => e.Value.Reliability.Group.Length > 0))
        {
            var path = Path(nameof(config.Endpoints), name, nameof(endpoint.Reliability), nameof(endpoint.Reliability.Group));
            CheckName(path, endpoint.Reliability.Group, problems);
            if (config.Endpoints.Keys.Contains(endpoint.Reliability.Group, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{path} is the name of an endpoint; a request could mean either, so rename one of them");
            }

            if (spelt.GetValueOrDefault(endpoint.Reliability.Group, endpoint.Reliability.Group) is var other && other != endpoint.Reliability.Group)
            {
                problems.Add($"{path} is '{endpoint.Reliability.Group}', and another endpoint's group is '{other}'; write a group's name in one way");
            }

            spelt.TryAdd(endpoint.Reliability.Group, endpoint.Reliability.Group);
        }
    }

    private static void CheckRoutes(CascadeConfig config, RouteReader reader, List<string> problems)
    {
        foreach (var (name, route) in config.Routes)
        {
            var path = Path(nameof(config.Routes), name);
            CheckName(path, name, problems);
            if (StageNames.Of(config).Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                problems.Add($"{path} has the name of an endpoint or a group; a request could mean either, so rename one of them");
            }

            reader.Check(path, route);
        }
    }

    private static void CheckName(string path, string name, List<string> problems)
    {
        if (name.Length > EndpointId.MaxLength || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            problems.Add($"{path} is no usable name; take at most {EndpointId.MaxLength} characters and no white space");
        }
    }

    private static ClusterModel? BuildModel(
        CascadeConfig config, IModelCallerFactory callers, LivePriceBook prices, RouteReader reader, AccountReader accounts)
    {
        var endpoints = config.Endpoints.ToFrozenDictionary(
            pair => pair.Key, pair => ToModel(pair.Key, pair.Value, callers, prices), StringComparer.Ordinal);
        var groups = StageModel.GroupsOf(endpoints.Values).ToFrozenDictionary(static g => g.Id.Value, StringComparer.Ordinal);
        var routes = new Dictionary<string, RouteModel>(StringComparer.Ordinal);
        foreach (var (name, route) in config.Routes)
        {
            if (reader.Build(Path(nameof(config.Routes), name), name, route, StageOf) is { } built)
            {
                routes[name] = built;
            }
        }

        return new ClusterModel
        {
            Endpoints = endpoints,
            Groups = groups,
            Routes = routes.ToFrozenDictionary(StringComparer.Ordinal),
            Accounts = accounts.Accounts.ToFrozenDictionary(pair => pair.Key, pair => WithWarmStart(pair.Value, routes)),
            Prices = prices,
            Templates = [.. accounts.Templates.Select(template => template with { Account = WithWarmStart(template.Account, routes) })],
        };

        StageModel StageOf(string name) => endpoints.TryGetValue(name, out var endpoint) ? StageModel.Of(endpoint) : groups[name];
    }

    private static AccountModel WithWarmStart(AccountModel account, Dictionary<string, RouteModel> routes) =>
        routes.GetValueOrDefault(account.WarmStartRoute)?.Plan is { } plan ? account with { WarmStart = plan.Policy.Plan.WarmStart } : account;

    private static EndpointModel ToModel(string name, EndpointConfig config, IModelCallerFactory callers, LivePriceBook prices) => new()
    {
        Id = new EndpointId(name),
        Provider = config.Provider,
        Caller = callers.Create(name, config),
        Price = config.Price is { } entry ? prices.Entry(entry) : config.ToPriceList(),
        MaxInFlight = config.MaxInFlight,
        MaxOutputTokens = config.MaxOutputTokens,
        MinOutputTokens = config.MinOutputTokens,
        Quality = config.Quality,
        ExpectedCostNanos = ExpectedCost(config, prices),
        Timeout = TimeSpan.FromSeconds(config.TimeoutSeconds),
        DrainOnCancel = config.DrainOnCancel,
        Stream = config.ToStreamPolicy(),
        MinBytesPerToken = config.MinBytesPerToken,
        MaxTokensPerImage = config.MaxTokensPerImage,
        MaxToolCalls = config.MaxToolCalls,
        Features = config.ToFeatures(),
        Capacity = CapacityReader.Capacity(config),
        Health = CapacityReader.Health(config.Health),
        Reliability = CapacityReader.Reliability(config.Reliability),
        Region = config.Region,
        Tags = [.. config.Tags],
    };

    // Decisions are made from what a call costs when the process starts; what it costs when it is made is what is charged.
    private static long ExpectedCost(EndpointConfig config, LivePriceBook prices) => config.Price is { } entry
        ? prices.Current.Entries[entry].At(prices.Now)?.CostNanos(config.ExpectedInputTokens, config.ExpectedOutputTokens) ?? 0
        : config.ToExpectedCostNanos();

    private static string Path(params ReadOnlySpan<string> keys) => string.Join(':', [CascadeConfig.SectionName, .. keys]);
}
