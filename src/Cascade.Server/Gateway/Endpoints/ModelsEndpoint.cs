using System.Collections.Immutable;
using Cascade.Client;
using Cascade.Contracts;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{name}</c>: what the caller's account may use.</summary>
internal sealed class ModelsEndpoint(ICascadeClient client, BearerAccess access, TimeProvider time)
{
    private readonly long _created = time.GetUtcNow().ToUnixTimeSeconds();

    public async Task ListAsync(HttpContext http)
    {
        if (await ItemsAsync(http) is not { } items)
        {
            return;
        }

        var list = new ModelList { Data = [.. items.Select(ToItem)] };
        await http.Response.WriteAsJsonAsync(list, GatewayJson.Readable.ModelList, cancellationToken: http.RequestAborted);
    }

    public async Task FindAsync(HttpContext http, string name)
    {
        if (await ItemsAsync(http) is not { } items)
        {
            return;
        }

        // Routing leaves an escaped slash as it is, and client libraries escape it.
        name = name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (items.FirstOrDefault(item => item.Name == name) is not { } found)
        {
            var error = new ApiError(StatusMap.Find(CascadeStatus.UnknownModel), "there is no such model; GET /v1/models lists them") { Param = "model" };
            await ErrorWriter.WriteAsync(http, error, time);
            return;
        }

        await http.Response.WriteAsJsonAsync(ToItem(found), GatewayJson.Readable.ModelItem, cancellationToken: http.RequestAborted);
    }

    /// <returns>What may be asked for; null when the caller was refused.</returns>
    private async Task<ImmutableArray<CatalogItem>?> ItemsAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out var account, out var refused) || !CallerAccount.TryRead(http.Request.Headers, account, out account, out refused))
        {
            await ErrorWriter.WriteAsync(http, refused!, time);
            return null;
        }

        return await client.ListModelsForAsync(account, http.RequestAborted);
    }

    // Configuration has no birthday; the start of this process is the closest true thing.
    private ModelItem ToItem(CatalogItem item) => new()
    {
        Id = item.Name,
        Created = _created,
        OwnedBy = item.IsRoute ? "cascade" : item.Source,
    };
}
