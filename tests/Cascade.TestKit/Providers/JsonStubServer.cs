using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cascade.TestKit.Providers;

/// <summary>A server on 127.0.0.1 that answers every POST with one body, for protocols that are told by their recorded shapes.</summary>
public sealed class JsonStubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonStubRequest> _requests = new();

    private JsonStubServer(WebApplication app) => _app = app;

    /// <summary>Where the server is, without a path.</summary>
    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>The body of every answer.</summary>
    public string Body { get; set; } = "{}";

    /// <summary>What every answer says its body is.</summary>
    public string ContentType { get; set; } = "application/json";

    /// <summary>The status of every answer.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>All requests so far.</summary>
    public IReadOnlyList<JsonStubRequest> Requests => [.. _requests];

    /// <summary>Starts a server.</summary>
    /// <returns>The server.</returns>
    public static async Task<JsonStubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var server = new JsonStubServer(app);
        app.MapPost("/{**path}", server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext http)
    {
        var body = await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync(http.RequestAborted);
        _requests.Enqueue(new JsonStubRequest(
            http.Request.Path + http.Request.QueryString.ToString(),
            body,
            http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase)));
        http.Response.StatusCode = Status;
        http.Response.ContentType = ContentType;
        await http.Response.WriteAsync(Body, http.RequestAborted);
    }
}

/// <summary>One request as the stub got it.</summary>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">The headers.</param>
public sealed record JsonStubRequest(string Target, string Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>A header; empty when it was not sent.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its value.</returns>
    public string Header(string name) => Headers.GetValueOrDefault(name, "");
}
