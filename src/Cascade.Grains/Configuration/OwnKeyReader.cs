using System.Collections.Frozen;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cascade.Grains.Configuration;

/// <summary>Turns the keys that accounts have at providers into where they are.</summary>
/// <param name="problems">Takes what is wrong.</param>
/// <param name="cluster">The whole configuration.</param>
/// <param name="readsKeys">Whether this process calls models and needs the keys.</param>
/// <param name="time">The clock by which files are read again.</param>
/// <param name="loggers">Where files are told that cannot be read; null for nowhere.</param>
internal sealed class OwnKeyReader(List<string> problems, CascadeConfig cluster, bool readsKeys, TimeProvider time, ILoggerFactory? loggers)
{
    /// <returns>The keys by endpoint.</returns>
    public FrozenDictionary<string, OwnKey> Read(string path, AccountId account, List<ProviderKeyConfig> configs)
    {
        var keys = new Dictionary<string, OwnKey>(StringComparer.Ordinal);
        var named = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < configs.Count; i++)
        {
            var key = ReadKey($"{path}:{i}", configs[i]) is { } source ? new OwnKey(account, source) : null;
            var list = $"{path}:{i}:{nameof(ProviderKeyConfig.Endpoints)}";
            CheckEndpoints(list, configs[i].Endpoints);
            for (var e = 0; e < configs[i].Endpoints.Count; e++)
            {
                var name = configs[i].Endpoints[e];
                if (!named.TryAdd(name, i))
                {
                    problems.Add($"{list}:{e} is '{name}' again; one key signs an endpoint's calls, so remove it here or from {path}:{named[name]}");
                }
                else if (key is not null)
                {
                    keys[name] = key;
                }
            }
        }

        return keys.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private void CheckEndpoints(string path, List<string> endpoints)
    {
        if (endpoints.Count == 0)
        {
            problems.Add($"{path} is empty; name the endpoints whose calls the key signs");
        }

        for (var i = 0; i < endpoints.Count; i++)
        {
            var name = endpoints[i];
            if (!cluster.Endpoints.TryGetValue(name, out var endpoint) || !cluster.Endpoints.Keys.Contains(name, StringComparer.Ordinal))
            {
                problems.Add(StageNames.Of(cluster).Contains(name, StringComparer.Ordinal)
                    ? $"{path}:{i} is '{name}', which is a group; a key is sent to whoever is named, so name those of its endpoints that it is for"
                    : $"{path}:{i} is '{name}', which is no configured endpoint{NameSuggestion.For(name, cluster.Endpoints.Keys)}; correct or remove it");
            }
            else if (!ProviderKinds.IsRemote(endpoint.Provider))
            {
                problems.Add($"{path}:{i} is '{name}', whose provider '{endpoint.Provider}' takes no key; remove it");
            }
        }

        // A key that one provider gave must not be shown to another.
        var known = endpoints.Where(cluster.Endpoints.ContainsKey).ToList();
        if (known.FirstOrDefault(name => PlaceOf(cluster.Endpoints[name]) != PlaceOf(cluster.Endpoints[known[0]])) is { } other)
        {
            problems.Add($"{path} has '{known[0]}' and '{other}', which are at different providers or addresses, and the key would be sent to both; give each a key of its own");
        }
    }

    private static (string Provider, string Compatible, string Host) PlaceOf(EndpointConfig endpoint) => (
        endpoint.Provider,
        endpoint.Compatible,
        Uri.TryCreate(endpoint.BaseUrl, UriKind.Absolute, out var address) ? address.GetLeftPart(UriPartial.Authority) : "");

    private ProviderKey? ReadKey(string path, ProviderKeyConfig config)
    {
        var (variable, file) = (config.ApiKeyEnvironment, config.ApiKeyFile);
        if (string.IsNullOrWhiteSpace(variable) == string.IsNullOrWhiteSpace(file))
        {
            problems.Add(string.IsNullOrWhiteSpace(variable)
                ? $"{path}:{nameof(config.ApiKeyEnvironment)} is not set, nor is {nameof(config.ApiKeyFile)}; name the variable or the file that holds the key"
                : $"{path}:{nameof(config.ApiKeyFile)} is set although {nameof(config.ApiKeyEnvironment)} is; keep one of the two");
            return null;
        }

        // What stands there by mistake may be the key itself, so it is not repeated.
        if (!readsKeys)
        {
            return null;
        }

        if (!string.IsNullOrWhiteSpace(variable))
        {
            if (string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(variable)))
            {
                problems.Add($"{path}:{nameof(config.ApiKeyEnvironment)} names a variable that is not set; set it, or name another (the name of the variable, not the key)");
            }

            return ProviderKey.FromEnvironment(variable);
        }

        if (!File.Exists(file))
        {
            problems.Add($"{path}:{nameof(config.ApiKeyFile)} names a file that does not exist; create it with the key as its only text, or correct the path");
        }

        return ProviderKey.FromFile(file!, time, loggers?.CreateLogger<ProviderKey>() ?? (ILogger)NullLogger.Instance);
    }
}
