using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Configuration;

/// <summary>Turns configured accounts into their models and collects who may spend for them.</summary>
internal sealed class AccountReader(List<string> problems, CascadeConfig cluster, OwnKeyReader ownKeys)
{
    private readonly Dictionary<AccountId, AccountModel> _accounts = [];
    private readonly List<AccountTemplate> _templates = [];
    private readonly ExposureReader _exposures = new(problems, cluster.Budgets);
    private readonly AllowReader _allows = new(problems, cluster);
    private readonly List<(string Path, AccountId Account, EndpointFilter Filter)> _filters = [];
    private readonly Dictionary<string, AccountId> _keys = new(StringComparer.Ordinal);

    public FrozenDictionary<AccountId, AccountModel> Accounts => _accounts.ToFrozenDictionary();

    public ImmutableArray<AccountTemplate> Templates => [.. _templates];

    public FrozenDictionary<string, AccountId> AccountsByKeyHash => _keys.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The windows as they are written.</summary>
    internal static string[] WindowNames { get; } =
        [.. Enum.GetValues<WindowKind>().Where(kind => kind != WindowKind.None).Select(kind => kind.ToString().ToLowerInvariant())];

    /// <summary>The window of a name; null when there is none.</summary>
    internal static WindowKind? WindowOf(string name) =>
        WindowNames.Contains(name, StringComparer.OrdinalIgnoreCase) && Enum.TryParse<WindowKind>(name, ignoreCase: true, out var kind) ? kind : null;

    public void Read(string path, string name, AccountConfig config)
    {
        if (AccountPattern.IsPattern(name))
        {
            ReadTemplate(path, name, config);
        }
        else if (AccountId.TryParse(name, out var id, out var problem))
        {
            _accounts[id] = ReadModel(path, id, id, config);
            ReadKeys($"{path}:{nameof(config.KeyHashes)}", id, config.KeyHashes);
        }
        else
        {
            problems.Add($"{path}: {problem}");
        }
    }

    /// <summary>Checks what no account says by itself, once all are read.</summary>
    public void CheckPaths()
    {
        var model = new ClusterModel
        {
            Endpoints = FrozenDictionary<string, EndpointModel>.Empty,
            Routes = FrozenDictionary<string, RouteModel>.Empty,
            Accounts = Accounts,
            Templates = Templates,
        };
        foreach (var (path, account, filter) in _filters)
        {
            _allows.CheckPath(path, filter, [.. model.PathOf(account).Skip(1).Select(static level => level.Allow).OfType<EndpointFilter>()]);
        }
    }

    private void ReadTemplate(string path, string name, AccountConfig config)
    {
        if (!AccountPattern.TryParse(name, out var pattern, out var problem))
        {
            problems.Add($"{path}: {problem}");
            return;
        }

        if (config.KeyHashes.Count > 0)
        {
            problems.Add($"{path}:{nameof(config.KeyHashes)} has keys, but '{name}' is many accounts and a key spends for one; configure that account by its own path");
        }

        _templates.Add(new AccountTemplate(pattern!, ReadModel(path, pattern!.Parent, Example(pattern), config)));
    }

    private static AccountId Example(AccountPattern pattern) => new(pattern.ToString().Replace(AccountPattern.Any, "_", StringComparison.Ordinal));

    private EndpointFilter? ReadAllow(string path, AccountId example, AllowConfig config)
    {
        var filter = _allows.Read(path, config);
        if (filter is not null)
        {
            _filters.Add((path, example, filter));
        }

        return filter;
    }

    private AccountModel ReadModel(string path, AccountId id, AccountId example, AccountConfig config)
    {
        if (config.ExpectedRequests is { } expected)
        {
            problems.AddRange(SettingChecks.Within($"{path}:{nameof(config.ExpectedRequests)}", expected, 1, int.MaxValue));
        }

        problems.AddRange(SettingChecks.Within($"{path}:{nameof(config.Weight)}", config.Weight, 0.001, 1_000));
        if (config.Priority == RequestPriority.None)
        {
            problems.Add($"{path}:{nameof(config.Priority)} is not set; use interactive or batch");
        }

        CheckWarmStart(path, config);
        return new AccountModel
        {
            Id = id,
            Caps = new FloorReader(problems).Read(path, config, ReadCaps($"{path}:{nameof(config.Caps)}", config.Caps)),
            ExpectedRequests = config.ExpectedRequests,
            Weight = config.Weight,
            Priority = config.Priority,
            Exposure = _exposures.Read(path, config),
            WarmStartRoute = config.WarmStartRoute,
            Allow = ReadAllow($"{path}:{nameof(config.Allow)}", example, config.Allow),
            OwnKeys = ownKeys.Read($"{path}:{nameof(config.ProviderKeys)}", id, config.ProviderKeys),
            Models = config.Models.ToFrozenDictionary(
                pair => pair.Key, pair => ReadModelCaps($"{path}:{nameof(config.Models)}:{pair.Key}", pair.Key, pair.Value), StringComparer.Ordinal),
        };
    }

    private ImmutableArray<WindowCap> ReadModelCaps(string path, string endpoint, ModelCapsConfig config)
    {
        if (!StageNames.Of(cluster).Contains(endpoint))
        {
            problems.Add($"{path} is no endpoint and no group{NameSuggestion.For(endpoint, StageNames.Of(cluster))}; name one under {CascadeConfig.SectionName}:{nameof(CascadeConfig.Endpoints)}, or remove it");
        }

        if (config.Caps.Count == 0)
        {
            problems.Add($"{path}:{nameof(config.Caps)} is empty; give it a cap, or remove {path}");
        }

        return ReadCaps($"{path}:{nameof(config.Caps)}", config.Caps);
    }

    private void CheckWarmStart(string path, AccountConfig config)
    {
        if (config.WarmStartRoute.Length == 0)
        {
            return;
        }

        var key = $"{path}:{nameof(config.WarmStartRoute)}";
        var plans = cluster.Routes.Where(route => route.Value.Strategy == RouteReader.PlanStrategy).Select(route => route.Key).ToArray();
        if (!plans.Contains(config.WarmStartRoute, StringComparer.Ordinal))
        {
            problems.Add($"{key} is '{config.WarmStartRoute}', which is no route that serves a plan{NameSuggestion.For(config.WarmStartRoute, plans)}; name one, or remove it");
        }

        if (config.ExpectedRequests is null || config.Caps.Count == 0)
        {
            problems.Add($"{key} needs a cap and {nameof(config.ExpectedRequests)}: the price to begin with is that of the cap over the requests; set both, or remove it");
        }
    }

    private ImmutableArray<WindowCap> ReadCaps(string path, List<CapConfig> configs)
    {
        var caps = ImmutableArray.CreateBuilder<WindowCap>();
        for (var i = 0; i < configs.Count; i++)
        {
            if (ReadCap($"{path}:{i}", configs[i]) is not { } cap)
            {
                continue;
            }

            if (caps.Any(other => (other.Window, other.Span, other.Mode) == (cap.Window, cap.Span, cap.Mode)))
            {
                problems.Add($"{path}:{i} is a second cap of mode {cap.Mode.ToString().ToLowerInvariant()} on the same window; keep one of them");
            }

            caps.Add(cap);
        }

        return caps.DrainToImmutable();
    }

    private WindowCap? ReadCap(string path, CapConfig config)
    {
        var window = WindowOf(config.Window);
        if (window is null)
        {
            problems.Add($"{path}:{nameof(config.Window)} is '{config.Window}'; use one of {string.Join(", ", WindowNames)}"
                + NameSuggestion.For(config.Window, WindowNames));
        }

        if (!MoneyText.TryParse(config.LimitUsd, out var limit, out var problem))
        {
            problems.Add($"{path}:{nameof(config.LimitUsd)} {problem}");
        }

        var cap = new WindowCap
        {
            Window = window ?? (config.Span is null ? WindowKind.Total : WindowKind.Rolling),
            Limit = limit,
            Mode = config.Mode,
            Span = config.Span ?? TimeSpan.Zero,
            AlertPercents = [.. config.AlertPercents],
            TimeZone = config.TimeZone,
        };
        problems.AddRange(WindowCapValidator.Check(path, cap));
        return window is null || problem.Length > 0 ? null : cap;
    }

    private void ReadKeys(string path, AccountId id, List<string> hashes)
    {
        for (var i = 0; i < hashes.Count; i++)
        {
            if (!ApiKeys.TryNormalizeHash(hashes[i], out var hash))
            {
                problems.AddRange(SettingChecks.KeyHash($"{path}:{i}", hashes[i]));
            }
            else if (!_keys.TryAdd(hash, id))
            {
                problems.Add(_keys[hash] == id
                    ? $"{path}:{i} is there twice; remove one of them"
                    : $"{path}:{i} is also a key of account '{_keys[hash]}'; a key spends for one account, so remove it from one of them");
            }
        }
    }
}
