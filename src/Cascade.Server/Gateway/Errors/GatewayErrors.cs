namespace Cascade.Server.Gateway.Errors;

/// <summary>Errors that arise in the gateway itself, before or beside the cluster.</summary>
internal static class GatewayErrors
{
    public static readonly ErrorKind InvalidApiKey = new(StatusCodes.Status401Unauthorized, StatusMap.InvalidRequestType, "invalid_api_key");
    public static readonly ErrorKind InvalidJson = new(StatusCodes.Status400BadRequest, StatusMap.InvalidRequestType, "invalid_json");
    public static readonly ErrorKind InvalidValue = new(StatusCodes.Status400BadRequest, StatusMap.InvalidRequestType, "invalid_value");
    public static readonly ErrorKind Missing = new(StatusCodes.Status400BadRequest, StatusMap.InvalidRequestType, "missing_required_parameter");
    public static readonly ErrorKind Unsupported = new(StatusCodes.Status400BadRequest, StatusMap.InvalidRequestType, "unsupported_parameter");
    public static readonly ErrorKind Unknown = new(StatusCodes.Status400BadRequest, StatusMap.InvalidRequestType, "unknown_parameter");
    public static readonly ErrorKind BadHttp = new(StatusCodes.Status400BadRequest, StatusMap.InvalidRequestType, "bad_request");
    public static readonly ErrorKind SlowBody = new(StatusCodes.Status408RequestTimeout, StatusMap.InvalidRequestType, "request_too_slow");
    public static readonly ErrorKind BodyTooLarge = new(StatusCodes.Status413PayloadTooLarge, StatusMap.InvalidRequestType, "body_too_large");
    public static readonly ErrorKind MediaType = new(StatusCodes.Status415UnsupportedMediaType, StatusMap.InvalidRequestType, "unsupported_media_type");
    public static readonly ErrorKind Method = new(StatusCodes.Status405MethodNotAllowed, StatusMap.InvalidRequestType, "method_not_allowed");
    public static readonly ErrorKind NotFound = new(StatusCodes.Status404NotFound, StatusMap.InvalidRequestType, "not_found");
    public static readonly ErrorKind TooManyRequests = new(StatusCodes.Status503ServiceUnavailable, StatusMap.ServerErrorType, "overloaded", 1);
    public static readonly ErrorKind RequestTimeout = new(StatusCodes.Status504GatewayTimeout, StatusMap.ServerErrorType, "request_timeout");
    public static readonly ErrorKind ClusterTimeout = new(StatusCodes.Status504GatewayTimeout, StatusMap.ServerErrorType, "cluster_timeout");
    public static readonly ErrorKind ClusterUnavailable =
        new(StatusCodes.Status503ServiceUnavailable, StatusMap.ServerErrorType, "cluster_unavailable", 1);
    public static readonly ErrorKind Internal = new(StatusCodes.Status500InternalServerError, StatusMap.ServerErrorType, "internal_error");

    public static IReadOnlyList<ErrorKind> All { get; } =
    [
        InvalidApiKey, InvalidJson, InvalidValue, Missing, Unsupported, Unknown, BadHttp, SlowBody, BodyTooLarge, MediaType, Method, NotFound,
        TooManyRequests, RequestTimeout, ClusterTimeout, ClusterUnavailable, Internal,
    ];
}
