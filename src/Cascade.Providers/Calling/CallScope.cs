using Cascade.Providers.OpenAi;

namespace Cascade.Providers.Calling;

/// <summary>
/// What the transport knows of one call. It travels beside the call, because neither the chat client nor the SDK has a place for it.
/// </summary>
internal sealed class CallScope(string attemptId, TimeProvider? time = null)
{
    private const int Unsent = 0;
    private const int Sent = 1;
    private const int Closed = 2;

    private static readonly AsyncLocal<CallScope?> Ambient = new();
    private int _state = Unsent;
    private long _answeredAt;

    public static CallScope? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public string AttemptId { get; } = attemptId;

    /// <summary>The key that the caller brings; null for the endpoint's own.</summary>
    public IApiKeySource? Key { get; init; }

    /// <summary>Whether the answer is read while it is made, so that the transport must not wait for its end.</summary>
    public bool Streams { get; init; }

    /// <summary>The time, for answers that do not say when they were sent.</summary>
    public DateTimeOffset Now => time?.GetUtcNow() ?? DateTimeOffset.MinValue;

    /// <summary>Told, once, that the request starts to leave; null when nobody asks.</summary>
    public Action? OnSent { get; set; }

    /// <summary>The status line and the headers that came back; null while nothing did.</summary>
    public AnswerHead? Answer
    {
        get;
        set => (field, _answeredAt) = (value, time?.GetTimestamp() ?? 0);
    }

    /// <summary>What the answer said of the provider's limits, as it is by now; null for nothing.</summary>
    public ProviderLimits? Limits => Answer?.Limits?.After(time?.GetElapsedTime(_answeredAt) ?? TimeSpan.Zero);

    /// <summary>Called before the first byte of a request body leaves.</summary>
    /// <returns>False when the call is already over, so that nothing may leave any more.</returns>
    public bool TryMarkSent()
    {
        var before = Interlocked.CompareExchange(ref _state, Sent, Unsent);
        if (before == Unsent)
            OnSent?.Invoke();
        return before != Closed;
    }

    /// <summary>
    /// Ends the call for the transport. Whoever gives up a call may be faster than the transport notices, so "nothing was sent" is only
    /// a fact once nothing can be sent any more.
    /// </summary>
    /// <returns>Whether nothing was sent, and never will be.</returns>
    public bool CloseUnsent() => Interlocked.CompareExchange(ref _state, Closed, Unsent) != Sent;
}

/// <summary>The head of an HTTP answer.</summary>
/// <param name="Status">The status.</param>
/// <param name="RetryAfter">The header of that name.</param>
/// <param name="RetryAfterMilliseconds">The header of that name.</param>
internal sealed record AnswerHead(int Status, string? RetryAfter, string? RetryAfterMilliseconds)
{
    /// <summary>When the answer was sent, by the provider's clock; null when it does not say.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>What it says of its limits; null for nothing.</summary>
    public ProviderLimits? Limits { get; init; }
}
