using Orleans.Runtime.Messaging;

namespace Cascade.Server.Gateway.Errors;

/// <summary>What a fault means to the caller. Nothing of the exception is shown: the trace id leads to it in our own logs.</summary>
internal static class FaultMap
{
    public static ApiError ToError(Exception fault) => fault switch
    {
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            new ApiError(GatewayErrors.BodyTooLarge, "the request body is larger than this server takes; send fewer or shorter messages"),
        BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
            new ApiError(GatewayErrors.SlowBody, "the request body arrived too slowly; send it again over a faster connection"),
        BadHttpRequestException => new ApiError(GatewayErrors.BadHttp, "the request is not valid HTTP; check its headers and framing"),
        RequestTimeoutException => new ApiError(
            GatewayErrors.RequestTimeout,
            "the request took longer than this server allows and was cancelled; what was spent is booked, see GET /v1/budget"),
        TimeoutException or SiloUnavailableException or EnumerationAbortedException => new ApiError(
            GatewayErrors.ClusterTimeout,
            "the cluster did not answer in time, or the silo that ran the request is gone; the outcome is unknown and money may have been spent, see GET /v1/budget"),
        OrleansMessageRejectionException or ConnectionFailedException or GatewayTooBusyException or LimitExceededException => new ApiError(GatewayErrors.ClusterUnavailable, "the cluster is not reachable now; try again shortly"),
        _ => new ApiError(GatewayErrors.Internal, "the server failed; report the trace id to its operator"),
    };

    /// <summary>Whether an operator has to look: refusals and bad requests are not faults of ours.</summary>
    public static bool IsOurs(ApiError error) => error.Kind.HttpStatus >= StatusCodes.Status500InternalServerError;
}
