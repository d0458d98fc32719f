using System.Collections.Concurrent;
using Cascade.Providers.Calling;

namespace Cascade.TestKit.Grains;

/// <summary>A provider whose streams a test scripts. Its calls without a stream answer the same in one piece.</summary>
/// <param name="stream">Sends parts to the sink and says what came of the call.</param>
public sealed class StreamingCaller(Func<ModelCall, IModelStreamSink, CancellationToken, Task<ModelCallResult>> stream) : IModelCaller
{
    private int _inFlight;

    /// <summary>Every streamed call that ended, with what came of it.</summary>
    public ConcurrentQueue<(ModelCall Call, ModelCallResult Result)> Streamed { get; } = new();

    /// <summary>Calls under way.</summary>
    public int InFlight => _inFlight;

    /// <summary>A provider that sends its parts at once and is billed a token for each.</summary>
    /// <param name="parts">The parts.</param>
    /// <returns>The provider.</returns>
    public static StreamingCaller Saying(params string[] parts) => new(async (_, sink, _) =>
    {
        await Task.Yield();
        foreach (var part in parts)
        {
            if (!sink.Accept(part))
            {
                return new ModelCallResult { Status = ModelCallStatus.Stopped, Billing = BillingCertainty.Estimated, InputTokens = 1, OutputTokens = 1, Error = "stopped" };
            }
        }

        return ScriptedCaller.Answer(string.Concat(parts), 1, parts.Length) with { TimeToFirstChunk = TimeSpan.FromMilliseconds(1) };
    });

    /// <summary>A provider whose stream breaks after its parts.</summary>
    /// <param name="parts">The parts; none breaks before the first.</param>
    /// <returns>The provider.</returns>
    public static StreamingCaller Breaking(params string[] parts) => new(async (_, sink, _) =>
    {
        await Task.Yield();
        foreach (var part in parts)
        {
            sink.Accept(part);
        }

        return new ModelCallResult
        {
            Status = ModelCallStatus.ConnectionLost,
            Billing = BillingCertainty.Unknown,
            Error = "connection-lost",
            LeastOutputTokens = parts.Length,
        };
    });

    /// <inheritdoc />
    public Task<ModelCallResult> CallAsync(ModelCall call, CancellationToken cancellationToken) => stream(call, new Deaf(), cancellationToken);

    /// <inheritdoc />
    public async Task<ModelCallResult> StreamAsync(ModelCall call, IModelStreamSink sink, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            var result = await stream(call, sink, cancellationToken);
            Streamed.Enqueue((call, result));
            return result;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private sealed class Deaf : IModelStreamSink
    {
        public bool Accept(string text) => true;
    }
}
