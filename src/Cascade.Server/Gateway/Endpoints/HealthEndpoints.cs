using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary>One thing that must work before this process should get requests. A model provider is never one of them.</summary>
internal interface IReadinessCheck
{
    string Name { get; }

    /// <returns>Null when all is well, otherwise what is not, in a few words.</returns>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}

/// <summary><c>GET /health/live</c> and <c>GET /health/ready</c>.</summary>
internal sealed class HealthEndpoints(
    IEnumerable<IReadinessCheck> checks,
    IHostApplicationLifetime lifetime,
    HttpConfig limits,
    TimeProvider time)
{
    private const string Fine = "ok";

    // Asks nobody: a process that answers at all is alive, and restarting it because something else is down helps nothing.
    public static Task LiveAsync(HttpContext http) => WriteAsync(http, StatusCodes.Status200OK, new HealthBody { Status = Fine });

    public async Task ReadyAsync(HttpContext http)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await WriteAsync(http, StatusCodes.Status503ServiceUnavailable, new HealthBody { Status = "stopping" });
            return;
        }

        var results = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var check in checks)
        {
            results[check.Name] = await RunAsync(check, http.RequestAborted) ?? Fine;
        }

        var ready = results.Values.All(result => result == Fine);
        await WriteAsync(
            http,
            ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new HealthBody { Status = ready ? Fine : "not ready", Checks = results });
    }

    private async Task<string?> RunAsync(IReadinessCheck check, CancellationToken aborted)
    {
        using var deadline = new CancellationTokenSource(limits.ReadinessTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted, deadline.Token);
        try
        {
            return await check.CheckAsync(stop.Token).WaitAsync(stop.Token);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            return "no answer in time";
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            return $"failed ({fault.GetType().Name})";
        }
    }

    private static Task WriteAsync(HttpContext http, int status, HealthBody body)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(body, GatewayJson.Readable.HealthBody, cancellationToken: http.RequestAborted);
    }
}
