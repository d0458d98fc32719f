using System.Collections.Frozen;
using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Model;

namespace Cascade.Grains.Configuration;

/// <summary>Turns configured accounts into their models and collects who may spend for them.</summary>
internal sealed class AccountReader(List<string> problems)
{
    private readonly Dictionary<AccountId, AccountModel> _accounts = [];
    private readonly Dictionary<string, AccountId> _keys = new(StringComparer.Ordinal);

    public FrozenDictionary<AccountId, AccountModel> Accounts => _accounts.ToFrozenDictionary();

    public FrozenDictionary<string, AccountId> AccountsByKeyHash => _keys.ToFrozenDictionary(StringComparer.Ordinal);

    public void Read(string path, string name, AccountConfig config)
    {
        if (!AccountId.TryParse(name, out var id, out var problem))
        {
            problems.Add($"{path}: {problem}");
            return;
        }

        if (config.ExpectedRequests is { } expected)
        {
            problems.AddRange(SettingChecks.Within($"{path}:{nameof(config.ExpectedRequests)}", expected, 1, int.MaxValue));
        }

        problems.AddRange(SettingChecks.Within($"{path}:{nameof(config.Weight)}", config.Weight, 0.001, 1_000));
        if (config.Priority == RequestPriority.None)
        {
            problems.Add($"{path}:{nameof(config.Priority)} is not set; use interactive or batch");
        }

        var caps = ReadCaps($"{path}:{nameof(config.Caps)}", config.Caps);
        ReadKeys($"{path}:{nameof(config.KeyHashes)}", id, config.KeyHashes);
        _accounts[id] = new AccountModel
        {
            Id = id,
            Caps = caps,
            ExpectedRequests = config.ExpectedRequests,
            Weight = config.Weight,
            Priority = config.Priority,
        };
    }

    /// <summary>Call when all accounts are read. A nested account next to its parent would promise a cap that does not bind it.</summary>
    public void CheckNesting(string path)
    {
        foreach (var id in _accounts.Keys.OrderBy(a => a.Value, StringComparer.Ordinal))
        {
            for (var slash = id.Value.LastIndexOf('/'); slash > 0; slash = id.Value.LastIndexOf('/', slash - 1))
            {
                var parent = id.Value[..slash];
                if (_accounts.TryGetValue(new AccountId(parent), out var account) && !account.Caps.IsEmpty)
                {
                    problems.Add(
                        $"{path}:{id} lies below '{parent}', whose caps would not bind it: accounts do not draw from their parents yet; "
                        + $"rename it, or take the caps off '{parent}'");
                }
            }
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

            if (caps.Any(other => other.Window == cap.Window && other.Hard == cap.Hard))
            {
                problems.Add($"{path}:{i} is a second {(cap.Hard ? "hard" : "soft")} cap on the same window; keep one of them");
            }

            caps.Add(cap);
        }

        return caps.DrainToImmutable();
    }

    private WindowCap? ReadCap(string path, CapConfig config)
    {
        var names = Enum.GetNames<WindowKind>().Where(name => name != nameof(WindowKind.None)).ToArray();
        var window = names.FirstOrDefault(name => name.Equals(config.Window, StringComparison.OrdinalIgnoreCase));
        if (window is null)
        {
            var known = names.Select(name => name.ToLowerInvariant()).ToArray();
            problems.Add($"{path}:{nameof(config.Window)} is '{config.Window}'; use one of {string.Join(", ", known)}"
                + NameSuggestion.For(config.Window, known));
        }

        if (!MoneyText.TryParse(config.LimitUsd, out var limit, out var problem))
        {
            problems.Add($"{path}:{nameof(config.LimitUsd)} {problem}");
        }

        var cap = new WindowCap
        {
            Window = window is null ? WindowKind.Total : Enum.Parse<WindowKind>(window),
            Limit = limit,
            Hard = config.Hard,
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
                // What stands there may be the key itself, so it is not repeated.
                problems.Add($"{path}:{i} is no key hash; write '{ApiKeys.HashPrefix}' and the 64 hexadecimal digits of the key's SHA-256, never the key");
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
