namespace Cascade.Providers.Calling;

/// <summary>
/// How a chat client says, with everything that is known, why it has no answer. Its message never holds text of a provider, because
/// exception messages end up in traces.
/// </summary>
public sealed class ModelCallException : Exception
{
    /// <summary>Makes a failure.</summary>
    /// <param name="status">How the call ended; not <see cref="ModelCallStatus.Answered"/>.</param>
    /// <param name="billing">What is known of the bill.</param>
    /// <param name="error">A short code, for example <c>http-503</c>.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="innerException">What caused it; null when nothing did.</param>
    public ModelCallException(ModelCallStatus status, BillingCertainty billing, string error, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Status = status;
        Billing = billing;
        Error = error;
    }

    /// <summary>How the call ended.</summary>
    public ModelCallStatus Status { get; }

    /// <summary>What is known of the bill.</summary>
    public BillingCertainty Billing { get; }

    /// <summary>A short code.</summary>
    public string Error { get; }

    /// <summary>When the provider says to come back; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
