using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Cascade.Contracts;
using Cascade.Grains.Hosting;

namespace Cascade.Grains.Configuration;

/// <summary>Checks the settings that concern the process and not what it serves.</summary>
internal static class SettingChecks
{
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static IEnumerable<string> Check(string path, HttpConfig http) =>
    [
        .. http.Urls.SelectMany((url, i) => Url($"{path}:{nameof(http.Urls)}:{i}", url)),
        .. http.AdminKeyHashes.SelectMany((hash, i) => KeyHash($"{path}:{nameof(http.AdminKeyHashes)}:{i}", hash)),
        .. Within($"{path}:{nameof(http.MaxBodyBytes)}", http.MaxBodyBytes, 1024, 1024L * 1024 * 1024),
        .. Within($"{path}:{nameof(http.MaxMessages)}", http.MaxMessages, 1, 100_000),
        .. Within($"{path}:{nameof(http.MaxContentParts)}", http.MaxContentParts, 1, 100_000),
        .. Within($"{path}:{nameof(http.MaxImages)}", http.MaxImages, 0, 10_000),
        .. Within($"{path}:{nameof(http.MaxTools)}", http.MaxTools, 0, 10_000),
        .. Within($"{path}:{nameof(http.MaxToolCalls)}", http.MaxToolCalls, 0, 10_000),
        .. Within($"{path}:{nameof(http.MaxOutputTokens)}", http.MaxOutputTokens, 1, 10_000_000),
        .. Within($"{path}:{nameof(http.MaxConcurrentRequests)}", http.MaxConcurrentRequests, 1, 100_000),
        .. Within($"{path}:{nameof(http.MaxConcurrentRequestsPerAccount)}", http.MaxConcurrentRequestsPerAccount, 1, 100_000),
        .. Within($"{path}:{nameof(http.MaxConcurrentConnections)}", http.MaxConcurrentConnections, 1, 1_000_000),
        .. Within($"{path}:{nameof(http.MaxHeaderBytes)}", http.MaxHeaderBytes, 1024, 1024 * 1024),
        .. Within($"{path}:{nameof(http.RequestTimeout)}", http.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. Within($"{path}:{nameof(http.StreamHeartbeat)}", http.StreamHeartbeat, Millisecond * 100, TimeSpan.FromMinutes(10)),
        .. Within($"{path}:{nameof(http.StreamWriteTimeout)}", http.StreamWriteTimeout, Millisecond * 100, TimeSpan.FromMinutes(10)),
        .. Within($"{path}:{nameof(http.HeadersTimeout)}", http.HeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. Within($"{path}:{nameof(http.KeepAliveTimeout)}", http.KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        .. Within($"{path}:{nameof(http.ReadinessTimeout)}", http.ReadinessTimeout, Millisecond * 100, TimeSpan.FromMinutes(1)),
        .. Within($"{path}:{nameof(http.DrainDelay)}", http.DrainDelay, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        .. Within($"{path}:{nameof(http.ShutdownTimeout)}", http.ShutdownTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(15)),
    ];

    /// <summary>Checks that what a silo does when it stops fits into the time that it has for it.</summary>
    public static IEnumerable<string> CheckStop(string path, HttpConfig http, CascadeOptions limits)
    {
        if (limits.StopWait >= http.ShutdownTimeout)
        {
            yield return $"{path}:Limits:{nameof(limits.StopWait)} is {limits.StopWait}; make it less than {path}:Http:{nameof(http.ShutdownTimeout)}, {http.ShutdownTimeout}";
        }
    }

    public static IEnumerable<string> Check(string path, ClusterConfig cluster) =>
    [
        .. Within($"{path}:{nameof(cluster.SiloPort)}", cluster.SiloPort, 0, 65_535),
        .. Within($"{path}:{nameof(cluster.GatewayPort)}", cluster.GatewayPort, 0, 65_535),
        .. DifferentPorts(path, cluster),
        .. Address($"{path}:{nameof(cluster.AdvertisedAddress)}", cluster.AdvertisedAddress),
    ];

    public static IEnumerable<string> Check(string path, TelemetryConfig telemetry)
    {
        if (telemetry.OtlpEndpoint.Length > 0 && !IsHttp(telemetry.OtlpEndpoint))
        {
            yield return $"{path}:{nameof(telemetry.OtlpEndpoint)} is no http or https address; write one such as http://127.0.0.1:4317, or leave it empty";
        }

        foreach (var problem in Within($"{path}:{nameof(telemetry.MetricsPort)}", telemetry.MetricsPort, 0, 65_535))
        {
            yield return problem;
        }
    }

    /// <param name="path">The section.</param>
    /// <param name="alerts">What is set.</param>
    /// <param name="readsEnvironment">Whether this process sends alerts and needs the secret.</param>
    public static IEnumerable<string> Check(string path, AlertsConfig alerts, bool readsEnvironment)
    {
        if (alerts.WebhookUrl.Length > 0 && !IsSafe(alerts.WebhookUrl))
        {
            yield return $"{path}:{nameof(alerts.WebhookUrl)} is no https address, nor one of this machine, or holds a user; "
                + "write one such as https://hooks.example.com/cascade, or leave it empty";
        }

        if (alerts.SecretEnvironment.Length > 0 && alerts.WebhookUrl.Length == 0)
        {
            yield return $"{path}:{nameof(alerts.SecretEnvironment)} is set, but {nameof(alerts.WebhookUrl)} is not; set both or neither";
        }

        if (readsEnvironment && alerts.SecretEnvironment.Length > 0 && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(alerts.SecretEnvironment)))
        {
            yield return $"{path}:{nameof(alerts.SecretEnvironment)} names a variable that is not set; set it, or name another (the name of the variable, not the secret)";
        }

        foreach (var problem in Within($"{path}:{nameof(alerts.Timeout)}", alerts.Timeout, Millisecond * 100, TimeSpan.FromMinutes(1)))
        {
            yield return problem;
        }
    }

    public static IEnumerable<string> Check(string path, CascadeOptions limits)
    {
        foreach (var setting in ConfigBinder.Settings(typeof(CascadeOptions)))
        {
            foreach (var range in setting.GetCustomAttributes(typeof(RangeAttribute), inherit: false).Cast<RangeAttribute>())
            {
                var value = setting.GetValue(limits);
                if (!range.IsValid(value))
                {
                    yield return string.Create(
                        CultureInfo.InvariantCulture, $"{path}:{setting.Name} is {value}; set it from {range.Minimum} to {range.Maximum}");
                }
            }
        }

        foreach (var problem in new CascadeOptionsCrossValidator().Validate(null, limits).Failures ?? [])
        {
            yield return $"{path}:{problem}";
        }
    }

    internal static IEnumerable<string> Within<T>(string key, T value, T least, T most)
        where T : IComparable<T>, IFormattable
    {
        // A NaN compares below everything, so it is caught here too.
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; set it from {least} to {most}");
        }
    }

    private static IEnumerable<string> DifferentPorts(string path, ClusterConfig cluster)
    {
        if (cluster.SiloPort != 0 && cluster.SiloPort == cluster.GatewayPort)
        {
            yield return $"{path}:{nameof(cluster.GatewayPort)} is {cluster.GatewayPort}, the same as {path}:{nameof(cluster.SiloPort)}; give it another port";
        }
    }

    private static IEnumerable<string> Address(string key, string address)
    {
        if (!IPAddress.TryParse(address, out var ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        {
            yield return $"{key} is '{address}'; write the one IP address that other silos reach this one at, for example 127.0.0.1";
        }
    }

    private static IEnumerable<string> Url(string key, string url)
    {
        // Kestrel also takes '*' and '+' as hosts, which no URI has.
        if (!IsHttp(url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal)))
        {
            yield return $"{key} is '{url}'; write an address to listen on, for example http://127.0.0.1:8080";
        }
    }

    private static bool IsSafe(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.UserInfo.Length == 0
        && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>What is wrong with a hash of a key. What stands there may be the key itself, so it is not repeated.</summary>
    public static IEnumerable<string> KeyHash(string path, string text) => ApiKeys.TryNormalizeHash(text, out _)
        ? []
        : [$"{path} is no key hash; write '{ApiKeys.HashPrefix}' and the 64 hexadecimal digits of the key's SHA-256, never the key"];

    private static bool IsHttp(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https");
}
