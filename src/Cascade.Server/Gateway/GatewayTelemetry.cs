using System.Diagnostics.Metrics;
using Cascade.Grains.Telemetry;

namespace Cascade.Server.Gateway;

/// <summary>Names of what the gateway measures. Tags take few values: never an account, a key or a request.</summary>
internal sealed class GatewayTelemetry
{
    public const string RequestsName = "cascade.gateway.requests";
    public const string ActiveName = "cascade.gateway.active_requests";
    public const string CodeTag = "cascade.error.code";
    public const string NoError = "none";

    private readonly Counter<long> _requests;
    private readonly UpDownCounter<long> _active;

    public GatewayTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(CascadeTelemetry.SourceName);
        _requests = meter.CreateCounter<long>(RequestsName, "{request}", "HTTP requests to /v1 that ended, by error code.");
        _active = meter.CreateUpDownCounter<long>(ActiveName, "{request}", "HTTP requests to /v1 in progress.");
    }

    public void Started() => _active.Add(1);

    public void Ended(string code)
    {
        _active.Add(-1);
        _requests.Add(1, new KeyValuePair<string, object?>(CodeTag, code.Length > 0 ? code : NoError));
    }
}
