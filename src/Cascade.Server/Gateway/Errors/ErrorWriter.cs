using System.Globalization;
using Cascade.Server.Gateway.Wire;
using Microsoft.Net.Http.Headers;

namespace Cascade.Server.Gateway.Errors;

/// <summary>Writes errors in OpenAI's shape, so that every client library understands them.</summary>
internal static class ErrorWriter
{
    public static Task WriteAsync(HttpContext http, ApiError error, TimeProvider time)
    {
        var call = GatewayCall.Of(http);
        call.Code = error.Kind.Code;
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            return Task.CompletedTask;
        }

        http.Response.StatusCode = error.Kind.HttpStatus;
        SetHeaders(http.Response.Headers, error, call, time.GetUtcNow());
        return http.Response.WriteAsJsonAsync(ToBody(error, call), GatewayJson.Readable.ErrorBody, cancellationToken: http.RequestAborted);
    }

    /// <summary>The error as a body, which a stream carries as its last event.</summary>
    public static ErrorBody ToBody(ApiError error, GatewayCall call) => new()
    {
        Error = new ErrorDetail
        {
            Message = error.Message,
            Type = error.Kind.Type,
            Param = error.Param,
            Code = error.Kind.Code,
            RemainingUsd = error.Refusal is { } refusal ? UsdText.Format(refusal.RemainingNanos) : null,
            NeededUsd = error.Refusal is { } needed ? UsdText.Format(needed.NeededNanos) : null,
            ResetsAt = error.Refusal?.ResetsAt,
            TraceId = call.TraceId.Length > 0 ? call.TraceId : null,
        },
    };

    private static void SetHeaders(IHeaderDictionary headers, ApiError error, GatewayCall call, DateTimeOffset now)
    {
        if (error.Refusal is { } refusal)
        {
            headers[GatewayHeaders.BudgetRemainingUsd] = UsdText.Format(refusal.RemainingNanos);
        }

        if (error.Kind is { HttpStatus: >= StatusCodes.Status500InternalServerError } kind && (kind.RetryAfterSeconds is null || call.Reply is { CostNanos: > 0 }))
        {
            // Money was or may have been spent on it already, and OpenAI's clients would repeat it twice of their own accord.
            headers[GatewayHeaders.ShouldRetry] = "false";
        }

        if (RetryAfter(error, now) is { } seconds)
        {
            headers[HeaderNames.RetryAfter] = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static long? RetryAfter(ApiError error, DateTimeOffset now) => error.Refusal switch
    {
        // A reset helps only a request that fits into a fresh window.
        { ResetsAt: { } at } refusal when refusal.NeededNanos <= refusal.CapNanos => Math.Max(1, (long)Math.Ceiling((at - now).TotalSeconds)),
        { } => null,
        null => error.RetryAfter is { } wait ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)) : error.Kind.RetryAfterSeconds,
    };
}
