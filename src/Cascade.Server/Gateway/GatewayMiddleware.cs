using System.Globalization;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;

namespace Cascade.Server.Gateway;

/// <summary>Around every request: names it, limits how many run, turns faults into errors, and writes its headers and its log line.</summary>
internal sealed partial class GatewayMiddleware(
    RequestDelegate next,
    HttpConfig limits,
    IRequestIdSource ids,
    GatewayTelemetry telemetry,
    TimeProvider time,
    ILogger<GatewayMiddleware> logger)
{
    private const string ApiPrefix = "/v1";

    private int _running;

    public async Task InvokeAsync(HttpContext http)
    {
        var call = new GatewayCall { RequestId = "req-" + ids.Next() };
        http.Features.Set(call);
        http.Response.OnStarting(WriteHeaders, http);
        if (!http.Request.Path.StartsWithSegments(ApiPrefix, StringComparison.Ordinal))
        {
            await RunAsync(http);
            return;
        }

        var started = time.GetTimestamp();
        telemetry.Started();
        try
        {
            await RunLimitedAsync(http);
        }
        finally
        {
            telemetry.Ended(call.Code);
            LogEnd(http, call, time.GetElapsedTime(started));
        }
    }

    private void LogEnd(HttpContext http, GatewayCall call, TimeSpan elapsed)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        var route = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";
        var endpoint = call.Reply?.Endpoint.Value ?? "";
        var cost = UsdText.Format(call.Reply?.CostNanos ?? 0);
        LogRequest(
            http.Request.Method,
            route,
            http.Response.StatusCode,
            call.Code,
            call.RequestId,
            call.TraceId,
            call.Account,
            endpoint,
            cost,
            elapsed.TotalMilliseconds);
    }

    private async Task RunLimitedAsync(HttpContext http)
    {
        try
        {
            if (Interlocked.Increment(ref _running) > limits.MaxConcurrentRequests)
            {
                await ErrorWriter.WriteAsync(
                    http, new ApiError(GatewayErrors.TooManyRequests, "too many requests are in progress; try again shortly"), time);
                return;
            }

            await RunAsync(http);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private async Task RunAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && UnmatchedError(http) is { } error)
            {
                await ErrorWriter.WriteAsync(http, error, time);
            }
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: whatever was thrown on the way out is neither ours nor the provider's fault.
            var cancelled = StatusMap.Find(Contracts.CascadeStatus.Cancelled);
            GatewayCall.Of(http).Code = cancelled.Code;
            if (!http.Response.HasStarted)
            {
                http.Response.StatusCode = cancelled.HttpStatus;
            }
        }
        catch (Exception fault)
        {
            var error = FaultMap.ToError(fault);
            if (FaultMap.IsOurs(error))
            {
                LogFault(fault, GatewayCall.Of(http).RequestId, GatewayCall.Of(http).TraceId, error.Kind.Code);
            }

            if (http.Response.HasStarted)
            {
                throw;
            }

            http.Response.Clear();
            await ErrorWriter.WriteAsync(http, error, time);
        }
    }

    private static ApiError? UnmatchedError(HttpContext http) => http.Response switch
    {
        { StatusCode: StatusCodes.Status404NotFound, ContentType: null } =>
            new ApiError(GatewayErrors.NotFound, "there is nothing at this path; POST /v1/chat/completions asks, GET /v1/models lists models"),
        { StatusCode: StatusCodes.Status405MethodNotAllowed } response =>
            new ApiError(GatewayErrors.Method, $"this path does not take {http.Request.Method}; use {response.Headers.Allow}"),
        _ => null,
    };

    private static Task WriteHeaders(object state)
    {
        var http = (HttpContext)state;
        var call = GatewayCall.Of(http);
        var headers = http.Response.Headers;
        headers[GatewayHeaders.RequestId] = call.RequestId;
        if (call.TraceId.Length > 0)
        {
            headers[GatewayHeaders.TraceId] = call.TraceId;
        }

        if (call.Reply is { } reply)
        {
            headers[GatewayHeaders.CostUsd] = UsdText.Format(reply.CostNanos);
            headers[GatewayHeaders.Escalated] = reply.Escalated ? "true" : "false";
            headers[GatewayHeaders.BudgetLimited] = reply.BudgetLimited ? "true" : "false";
            headers[GatewayHeaders.Attempts] = reply.Attempts.Count(static attempt => attempt.Booking != Contracts.Booking.None).ToString(CultureInfo.InvariantCulture);
            if (reply.Replayed)
            {
                headers[GatewayHeaders.Replayed] = "true";
            }

            if (reply.LogProbabilities is { Truncated: true })
            {
                headers[GatewayHeaders.LogprobsTruncated] = "true";
            }

            if (!string.IsNullOrEmpty(reply.Endpoint.Value))
            {
                headers[GatewayHeaders.Model] = HeaderText.Escape(reply.Endpoint.Value);
            }
        }

        return Task.CompletedTask;
    }
}
