using Cascade.Client;
using Cascade.Contracts;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary><c>GET /v1/endpoints</c>: how busy and how well the providers are. Nothing of what accounts asked or spent.</summary>
internal sealed class EndpointsEndpoint(ICascadeClient client, BearerAccess access, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out _, out var refused))
        {
            await ErrorWriter.WriteAsync(http, refused!, time);
            return;
        }

        var endpoints = await client.ListEndpointsAsync(http.RequestAborted);
        var list = new EndpointList { Data = [.. endpoints.Select(ToItem)] };
        await http.Response.WriteAsJsonAsync(list, GatewayJson.Readable.EndpointList, cancellationToken: http.RequestAborted);
    }

    private static EndpointItem ToItem(EndpointSnapshot snapshot) => new()
    {
        Id = snapshot.Endpoint.Value,
        Group = snapshot.Group,
        Circuit = snapshot.Circuit == EndpointCircuit.Open ? "open" : "closed",
        MaxInFlight = snapshot.MaxInFlight,
        LimitInFlight = snapshot.LimitInFlight,
        WantedInFlight = snapshot.WantedInFlight,
        OutstandingTokens = snapshot.OutstandingTokens,
        RequestsPerMinute = snapshot.RequestsPerMinute,
        RequestsInMinute = snapshot.RequestsInMinute,
        TokensPerMinute = snapshot.TokensPerMinute,
        TokensInMinute = snapshot.TokensInMinute,
        ProviderRequestsLeft = snapshot.ProviderRequestsLeft,
        ProviderTokensLeft = snapshot.ProviderTokensLeft,
        PausedSeconds = snapshot.PausedFor.TotalSeconds,
        CongestionPrice = snapshot.CongestionPrice,
        EjectedBySilos = snapshot.EjectedBy,
        CircuitOpenings = snapshot.CircuitOpenings,
        ProbesSent = snapshot.ProbesSent,
    };
}
