using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Cascade.Providers.Calling;

/// <summary>Calls any chat client once, within a time, and says what came of it and of the bill.</summary>
internal sealed partial class ChatClientModelCaller : IModelCaller
{
    // What OpenAI takes as a client request id.
    private const int LongestAttemptId = 512;

    private readonly IChatClient _client;
    private readonly ModelCallerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public ChatClientModelCaller(IChatClient client, ModelCallerSettings settings, TimeProvider time, ILogger logger)
    {
        _client = client.AsBuilder()
            .UseOpenTelemetry(sourceName: ProviderTelemetry.SourceName, configure: chat => chat.EnableSensitiveData = settings.EnableSensitiveData)
            .Use(inner => new FailureMappingChatClient(inner, time, settings.EnableSensitiveData))
            .Build();
        _settings = settings;
        _time = time;
        _logger = logger;
    }

    public async Task<ModelCallResult> CallAsync(ModelCall call, CancellationToken cancellationToken)
    {
        Check(call);
        var started = _time.GetTimestamp();
        var result = cancellationToken.IsCancellationRequested
            ? new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = BillingCertainty.NotBilled, Error = "cancelled" }
            : await AttemptAsync(call, cancellationToken);
        Log(call, result, _time.GetElapsedTime(started));
        return result;
    }

    public async Task<ModelCallResult> StreamAsync(ModelCall call, IModelStreamSink sink, CancellationToken cancellationToken)
    {
        Check(call);
        ArgumentNullException.ThrowIfNull(sink);
        var started = _time.GetTimestamp();
        var result = cancellationToken.IsCancellationRequested
            ? new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = BillingCertainty.NotBilled, Error = "cancelled" }
            : await new StreamedCall(_client, _settings, _time, call, sink).RunAsync(cancellationToken);
        Log(call, result, _time.GetElapsedTime(started));
        return result;
    }

    private async Task<ModelCallResult> AttemptAsync(ModelCall call, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(call.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var scope = new CallScope(call.AttemptId, _time) { Key = call.Key?.Source };
        if (!_settings.TracksSending)
            scope.TryMarkSent();

        var result = await AwaitAsync(call, scope, cancellationToken, timeout.Token, either.Token);
        return result with { Limits = scope.Limits };
    }

    private async Task<ModelCallResult> AwaitAsync(
        ModelCall call, CallScope scope, CancellationToken caller, CancellationToken timeout, CancellationToken either)
    {
        var answering = AskAsync(call, scope, either);
        try
        {
            // A client that does not heed its token must not hold the request and its money past the timeout.
            return Answered(call, await answering.WaitAsync(either), _settings);
        }
        catch (ModelCallException failure)
        {
            return Failed(failure, caller, timeout);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            Abandon(answering);
            var billing = scope.CloseUnsent() ? BillingCertainty.NotBilled : BillingCertainty.Unknown;
            return caller.IsCancellationRequested
                ? new ModelCallResult { Status = ModelCallStatus.Cancelled, Billing = billing, Error = "cancelled" }
                : new ModelCallResult { Status = ModelCallStatus.TimedOut, Billing = billing, Error = "timeout" };
        }
    }

    // A method of its own, so that the scope is gone from the caller's context when it returns.
    private async Task<ChatResponse> AskAsync(ModelCall call, CallScope scope, CancellationToken cancellationToken)
    {
        CallScope.Current = scope;
        var options = call.Options.Clone();
        if (_settings.Model.Length > 0)
            options.ModelId = _settings.Model;
        return await _client.GetResponseAsync(call.Messages, options, cancellationToken);
    }

    internal static ModelCallResult Answered(ModelCall call, ChatResponse response, ModelCallerSettings settings)
    {
        var metered = UsageMeter.Measure(response, call, settings.MinBytesPerToken, settings.UncountedOutput);
        return new ModelCallResult
        {
            Status = ModelCallStatus.Answered,
            Billing = metered.Billing,
            Text = response.Text,
            FinishReason = response.FinishReason?.Value ?? "",
            ToolCalls = AnswerReader.ToolCalls(response),
            RefusalText = AnswerReader.Refusal(response),
            LogProbabilities = AnswerReader.LogProbabilities(response),
            Usage = metered.Usage,
        };
    }

    private static ModelCallResult Failed(ModelCallException failure, CancellationToken caller, CancellationToken timeout)
    {
        // Giving up a call breaks it in many ways; who gave it up is the reason then, and the lowest status wins.
        var (status, error) = (failure.Status, failure.Error);
        if (timeout.IsCancellationRequested && status > ModelCallStatus.TimedOut)
            (status, error) = (ModelCallStatus.TimedOut, "timeout");
        if (caller.IsCancellationRequested && status > ModelCallStatus.Cancelled)
            (status, error) = (ModelCallStatus.Cancelled, "cancelled");
        return new ModelCallResult { Status = status, Billing = failure.Billing, Error = error, RetryAfter = failure.RetryAfter };
    }

    // Nobody awaits the call any more, and an exception that nobody looked at is reported as a fault of the process.
    internal static void Abandon(Task answering) =>
        _ = answering.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    private static void Check(ModelCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (call.AttemptId.Length is 0 or > LongestAttemptId || call.AttemptId.Any(letter => letter is <= ' ' or > '~'))
            throw new ArgumentException($"The attempt id must be 1 to {LongestAttemptId} printable ASCII letters, to be sent as a header.", nameof(call));
        if (call.Timeout <= TimeSpan.Zero)
            throw new ArgumentException("The timeout must be above 0.", nameof(call));
        if (call.Options.MaxOutputTokens is not > 0)
            throw new ArgumentException("The output limit must be set, and above 0; without it the bill has no bound.", nameof(call));
    }
}
