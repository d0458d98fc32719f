using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>
/// One streamed call: reads it, times it, goes on reading when its reader has gone, breaks it off, and says what that costs. Used once.
/// </summary>
internal sealed class StreamedCall(IChatClient client, ModelCallerSettings settings, TimeProvider time, ModelCall call, IModelStreamSink sink)
{
    private readonly StreamedAnswer _answer = new(settings.StreamUsage, settings.SaysWhyItStopped);
    private readonly CallScope _scope = new(call.AttemptId, time) { Streams = true, Key = call.Key?.Source };
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private CancellationTokenSource? _end;
    private TimeSpan _waitUntil = call.Stream.ConnectTimeout;
    private TimeSpan _drainUntil = TimeSpan.MaxValue;
    private bool _totalIsNext;
    private TimeSpan? _firstChunk;
    private string _phase = "connect-timeout";
    private bool _callerLeft;
    private bool _stopped;
    private long _bytesBeforeDrain = -1;

    public async Task<ModelCallResult> RunAsync(CancellationToken caller)
    {
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _end = end;
        lock (_lock)
            SetTimer();
        _scope.OnSent = () => Await(call.Stream.FirstChunkTimeout, "first-chunk-timeout");
        if (!settings.TracksSending)
            _scope.TryMarkSent();

        using var leaving = caller.Register(CallerLeft);
        var reading = ReadAsync(end.Token);
        ModelCallException? failure = null;
        try
        {
            // A client that does not heed its token must not hold the request and its money past the timeout.
            await reading.WaitAsync(end.Token);
        }
        catch (ModelCallException broken)
        {
            failure = broken;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            ChatClientModelCaller.Abandon(reading);
        }

        Forget();
        return Result(failure, end.IsCancellationRequested, outOfTime: _totalIsNext) with { Limits = _scope.Limits };
    }

    // A method of its own, so that the scope is gone from the caller's context when it returns.
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        CallScope.Current = _scope;
        var options = call.Options.Clone();
        if (settings.Model.Length > 0)
            options.ModelId = settings.Model;
        await foreach (var update in client.GetStreamingResponseAsync(call.Messages, options, cancellationToken))
        {
            if (_answer.Add(update) is not { } text)
                return;
            if (_answer.HasPart)
            {
                _firstChunk ??= time.GetElapsedTime(_started);
                Await(call.Stream.IdleTimeout, "idle-timeout");
            }

            if (!Pass(text))
                return;
        }
    }

    /// <returns>Whether to read on.</returns>
    private bool Pass(string text)
    {
        if (Volatile.Read(ref _callerLeft))
        {
            _bytesBeforeDrain = _bytesBeforeDrain < 0 ? _answer.Bytes : _bytesBeforeDrain;
            return !(_answer.Bytes - _bytesBeforeDrain > call.Stream.DrainTokens * settings.MinBytesPerToken) || Stop();
        }

        return text.Length == 0 || sink.Accept(text) || Stop();
    }

    private bool Stop()
    {
        _stopped = true;
        GiveUp(TimeSpan.Zero);
        return false;
    }

    private void CallerLeft()
    {
        Volatile.Write(ref _callerLeft, true);

        // What has not been sent costs nothing, so there is nothing to wait for.
        GiveUp(call.Stream.DrainOnCancel && !_scope.CloseUnsent() ? call.Stream.DrainTime : TimeSpan.Zero);
    }

    private void Await(TimeSpan next, string phase)
    {
        lock (_lock)
        {
            (_phase, _waitUntil) = (phase, time.GetElapsedTime(_started) + next);
            SetTimer();
        }
    }

    private void GiveUp(TimeSpan after)
    {
        CancellationTokenSource? end;
        lock (_lock)
        {
            _drainUntil = time.GetElapsedTime(_started) + after;
            end = _end;
            if (after > TimeSpan.Zero)
                SetTimer();
        }

        if (after <= TimeSpan.Zero)
            end?.Cancel();
    }

    // One timer for whichever of the times is up first: of the whole call, of what is waited for, and of a call that nobody waits for any more.
    private void SetTimer()
    {
        var until = _waitUntil < _drainUntil ? _waitUntil : _drainUntil;
        _totalIsNext = call.Timeout <= until;
        var left = (_totalIsNext ? call.Timeout : until) - time.GetElapsedTime(_started);
        _end?.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    // A client that goes on all the same must not reach what is about to be disposed.
    private void Forget()
    {
        _answer.Close();
        lock (_lock)
            _end = null;
    }

    private ModelCallResult Result(ModelCallException? failure, bool gaveUp, bool outOfTime)
    {
        var unsent = _scope.CloseUnsent();
        if (_answer.IsWhole && !_stopped && (_answer.IsCounted || failure is not null || !gaveUp || !_callerLeft))
        {
            // What breaks after the last word and its bill changes neither.
            return ChatClientModelCaller.Answered(call, _answer.ToResponse(), settings) with { TimeToFirstChunk = _firstChunk };
        }

        var (status, error) = Reason(failure, gaveUp, outOfTime, unsent);
        var notBilled = unsent || (failure?.Billing == BillingCertainty.NotBilled && !_answer.HasPart);
        return Charged(new ModelCallResult
        {
            Status = status,
            Billing = notBilled ? BillingCertainty.NotBilled : BillingCertainty.Unknown,
            Error = error,
            RetryAfter = failure?.RetryAfter,
            TimeToFirstChunk = _firstChunk,
        });
    }

    // Giving up a call breaks it in many ways; who gave it up is the reason then, and the lowest status wins.
    private (ModelCallStatus Status, string Error) Reason(ModelCallException? failure, bool gaveUp, bool outOfTime, bool unsent)
    {
        if (_callerLeft)
            return (ModelCallStatus.Cancelled, "cancelled");
        if (_stopped)
            return (ModelCallStatus.Stopped, "stopped");
        if (failure is { Status: <= ModelCallStatus.ProviderError })
            return (failure.Status, failure.Error);
        if (gaveUp)
        {
            return outOfTime ? (ModelCallStatus.TimedOut, "timeout")
                : unsent ? (ModelCallStatus.Unreachable, _phase)
                : (ModelCallStatus.TimedOut, _phase);
        }

        return failure is null ? (ModelCallStatus.MalformedResponse, "stream-ended-early") : (failure.Status, failure.Error);
    }

    private ModelCallResult Charged(ModelCallResult result)
    {
        if (result.Billing == BillingCertainty.NotBilled)
            return result;
        var (leastInput, leastOutput) = _answer.Least(call);

        // Nothing of an answer says nothing of how much was made: a model may have reasoned for long.
        if (call.Stream.BrokenCharge != BrokenStreamCharge.Counted || !_answer.HasPart)
            return result with { LeastInputTokens = leastInput, LeastOutputTokens = leastOutput };
        var (input, output) = _answer.Most(call, settings.MinBytesPerToken);
        return result with { Billing = BillingCertainty.Estimated, InputTokens = input, OutputTokens = output };
    }
}
