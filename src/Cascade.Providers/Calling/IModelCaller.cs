using System.Collections.Immutable;
using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>Makes one call to one endpoint and says what came of it. Never throws for what a provider or a network does.</summary>
public interface IModelCaller
{
    /// <summary>Calls the endpoint once: no retry, no fallback.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Cancels the call and the provider's work.</param>
    /// <returns>The outcome, with what is known of the bill.</returns>
    Task<ModelCallResult> CallAsync(ModelCall call, CancellationToken cancellationToken);

    /// <summary>
    /// Calls the endpoint once and hands the answer on while it is made. Ends when the answer, or what becomes of it under
    /// <see cref="ModelCall.Stream"/>, has ended; an answer that was handed on in part can still come to nothing.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="sink">Takes the parts; nothing any more once the caller has left or the call has ended.</param>
    /// <param name="cancellationToken">Says that the caller has left; whether the provider's work then goes on is the policy's choice.</param>
    /// <returns>The outcome, with the whole text when there is an answer, and with what is known of the bill.</returns>
    async Task<ModelCallResult> StreamAsync(ModelCall call, IModelStreamSink sink, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sink);
        var result = await CallAsync(call, cancellationToken);
        if (result.Status == ModelCallStatus.Answered && result.Text.Length > 0)
            sink.Accept(result.Text);
        return result;
    }
}

/// <summary>One call.</summary>
public sealed record ModelCall
{
    /// <summary>Sent to the provider as the client request id, so that its log and our ledger can be compared.</summary>
    public required string AttemptId { get; init; }

    /// <summary>The conversation.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Options, with the output limit always set. Never changed by the caller of the model.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>How long the call may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The most prompt tokens that one image can be billed, at least 0; only read when the conversation has images and nobody counts them.</summary>
    public int TokensPerImage { get; init; }

    /// <summary>The key that the account brings; null for the endpoint's own.</summary>
    public ProviderKey? Key { get; init; }

    /// <summary>How a stream is waited for and charged; calls without a stream do not look at it.</summary>
    public StreamPolicy Stream { get; init; } = new();
}

/// <summary>How a call ended, by who is to blame. When several apply, the lowest value wins.</summary>
public enum ModelCallStatus
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The provider answered.</summary>
    Answered = 1,

    /// <summary>Our caller went away. Never blames the provider.</summary>
    Cancelled = 2,

    /// <summary>The provider says the request is wrong (4xx other than 401, 403, 408, 429).</summary>
    RejectedRequest = 3,

    /// <summary>The provider does not accept our credentials (401, 403), or they are missing.</summary>
    Unauthorized = 4,

    /// <summary>The provider asks us to slow down (429).</summary>
    RateLimited = 5,

    /// <summary>The provider failed (5xx, 408).</summary>
    ProviderError = 6,

    /// <summary>No answer within the timeout.</summary>
    TimedOut = 7,

    /// <summary>The way to the provider failed before the request was sent.</summary>
    Unreachable = 8,

    /// <summary>The connection broke after the request was sent.</summary>
    ConnectionLost = 9,

    /// <summary>The provider's answer could not be understood.</summary>
    MalformedResponse = 10,

    /// <summary>We ended the stream, because what had arrived was enough to turn the answer down.</summary>
    Stopped = 11,
}

/// <summary>What is known of the bill.</summary>
public enum BillingCertainty
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The usage is the provider's own count.</summary>
    Reported = 1,

    /// <summary>The provider answered without a count that can be believed; what it did not say is our upper estimate.</summary>
    Estimated = 2,

    /// <summary>The call is provably not billed.</summary>
    NotBilled = 3,

    /// <summary>The provider may have billed it: anything from nothing to the upper bound.</summary>
    Unknown = 4,
}

/// <summary>What came of a call.</summary>
public sealed record ModelCallResult
{
    /// <summary>How it ended.</summary>
    public required ModelCallStatus Status { get; init; }

    /// <summary>What is known of the bill.</summary>
    public required BillingCertainty Billing { get; init; }

    /// <summary>The answer; empty unless answered.</summary>
    public string Text { get; init; } = "";

    /// <summary>Why the model stopped: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, <c>content_filter</c>; empty unless answered.</summary>
    public string FinishReason { get; init; } = "";

    /// <summary>The tools that the answer calls, in order.</summary>
    public ImmutableArray<ModelToolCall> ToolCalls { get; init; } = [];

    /// <summary>With what words the model refused; empty when it did not.</summary>
    public string RefusalText { get; init; } = "";

    /// <summary>How sure the model was; null when it was not asked or the provider does not say.</summary>
    public ModelLogProbabilities? LogProbabilities { get; init; }

    /// <summary>What is billed.</summary>
    public BilledUsage Usage { get; init; }

    /// <summary>Billed prompt tokens, all kinds together.</summary>
    public long InputTokens
    {
        get => Usage.InputTokens;
        init => Usage = Usage with { InputTokens = value };
    }

    /// <summary>Billed answer tokens, reasoning included.</summary>
    public long OutputTokens
    {
        get => Usage.OutputTokens;
        init => Usage = Usage with { OutputTokens = value };
    }

    /// <summary>The fewest prompt tokens that can have been billed; only when the bill is unknown.</summary>
    public long LeastInputTokens { get; init; }

    /// <summary>The fewest answer tokens that can have been billed; only when the bill is unknown.</summary>
    public long LeastOutputTokens { get; init; }

    /// <summary>From the call to the first part of its answer; null when none arrived, or the answer came in one piece.</summary>
    public TimeSpan? TimeToFirstChunk { get; init; }

    /// <summary>A short code of the failure, for example <c>http-503</c>; never the provider's text.</summary>
    public string Error { get; init; } = "";

    /// <summary>When the provider says to come back; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the provider says of its limits; null when it says nothing.</summary>
    public ProviderLimits? Limits { get; init; }
}
