using System.Collections.Concurrent;
using Cascade.Providers.Calling;

namespace Cascade.TestKit.Grains;

/// <summary>A provider that a test scripts: what it answers, when, and what it bills.</summary>
/// <param name="answer">What comes of a call.</param>
public sealed class ScriptedCaller(Func<ModelCall, CancellationToken, Task<ModelCallResult>> answer) : IModelCaller
{
    private int _inFlight;
    private int _maxInFlight;

    /// <summary>Every call that came, in order of arrival, with what was answered.</summary>
    public ConcurrentQueue<(ModelCall Call, ModelCallResult Result)> Served { get; } = new();

    /// <summary>The most calls that were ever under way at once.</summary>
    public int MaxInFlight => _maxInFlight;

    /// <summary>Calls under way.</summary>
    public int InFlight => _inFlight;

    /// <summary>An endpoint that answers at once.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="inputTokens">Billed prompt tokens.</param>
    /// <param name="outputTokens">Billed answer tokens.</param>
    /// <returns>The provider.</returns>
    public static ScriptedCaller Answering(string text, long inputTokens = 10, long outputTokens = 10) =>
        new(async (_, _) =>
        {
            await Task.Yield();
            return Answer(text, inputTokens, outputTokens);
        });

    /// <summary>An endpoint that always fails in one way.</summary>
    /// <param name="status">How.</param>
    /// <param name="billing">What is known of the bill.</param>
    /// <returns>The provider.</returns>
    public static ScriptedCaller Failing(ModelCallStatus status, BillingCertainty billing) =>
        new((_, _) => Task.FromResult(new ModelCallResult { Status = status, Billing = billing, Error = "scripted" }));

    /// <summary>A billed answer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="inputTokens">Billed prompt tokens.</param>
    /// <param name="outputTokens">Billed answer tokens.</param>
    /// <returns>The result.</returns>
    public static ModelCallResult Answer(string text, long inputTokens, long outputTokens) => new()
    {
        Status = ModelCallStatus.Answered,
        Billing = BillingCertainty.Reported,
        Text = text,
        FinishReason = "stop",
        InputTokens = inputTokens,
        OutputTokens = outputTokens,
    };

    /// <inheritdoc />
    public async Task<ModelCallResult> CallAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var now = Interlocked.Increment(ref _inFlight);
        InterlockedMax(ref _maxInFlight, now);
        try
        {
            var result = await answer(call, cancellationToken);
            Served.Enqueue((call, result));
            return result;
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
