namespace Cascade.Server.Gateway;

internal sealed partial class GatewayMiddleware
{
    [LoggerMessage(
        EventId = 500,
        Level = LogLevel.Information,
        Message = "{Method} {Route} {HttpStatus} code={Code} request={RequestId} trace={TraceId} account={Account} endpoint={Endpoint} "
            + "cost_usd={CostUsd} ms={Milliseconds:F1}")]
    private partial void LogRequest(
        string method,
        string route,
        int httpStatus,
        string code,
        string requestId,
        string traceId,
        string account,
        string endpoint,
        string costUsd,
        double milliseconds);

    [LoggerMessage(EventId = 501, Level = LogLevel.Error, Message = "request {RequestId} failed, trace {TraceId}, answered as {Code}")]
    private partial void LogFault(Exception fault, string requestId, string traceId, string code);
}
