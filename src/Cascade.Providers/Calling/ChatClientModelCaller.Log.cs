using Microsoft.Extensions.Logging;

namespace Cascade.Providers.Calling;

internal sealed partial class ChatClientModelCaller
{
    private void Log(ModelCall call, ModelCallResult result, TimeSpan duration)
    {
        var milliseconds = duration.TotalMilliseconds;
        if (result.Status == ModelCallStatus.Answered)
            LogAnswered(_logger, call.AttemptId, _settings.Endpoint, milliseconds, result.InputTokens, result.OutputTokens, result.Billing);
        else if (result.Status is ModelCallStatus.Cancelled or ModelCallStatus.Stopped)
            LogCancelled(_logger, call.AttemptId, _settings.Endpoint, milliseconds, result.Billing);
        else
            LogFailed(_logger, call.AttemptId, _settings.Endpoint, result.Status, result.Error, milliseconds, result.Billing);
    }

    [LoggerMessage(400, LogLevel.Information,
        "Attempt {AttemptId} on {Endpoint}: answered in {Milliseconds} ms, {InputTokens} tokens in, {OutputTokens} tokens out ({Billing})")]
    private static partial void LogAnswered(
        ILogger logger, string attemptId, string endpoint, double milliseconds, long inputTokens, long outputTokens, BillingCertainty billing);

    [LoggerMessage(401, LogLevel.Information, "Attempt {AttemptId} on {Endpoint}: given up after {Milliseconds} ms ({Billing})")]
    private static partial void LogCancelled(ILogger logger, string attemptId, string endpoint, double milliseconds, BillingCertainty billing);

    [LoggerMessage(402, LogLevel.Warning, "Attempt {AttemptId} on {Endpoint}: {Status}, {Error}, after {Milliseconds} ms ({Billing})")]
    private static partial void LogFailed(
        ILogger logger, string attemptId, string endpoint, ModelCallStatus status, string error, double milliseconds, BillingCertainty billing);
}
