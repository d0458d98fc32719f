namespace Cascade.Contracts;

/// <summary>
/// A refusal in the form that callers of an <c>IChatClient</c> can catch; everywhere else a refusal is a <see cref="CascadeReply"/>.
/// </summary>
[GenerateSerializer, Alias("cascade.exception.refused")]
public class CascadeRefusedException : CascadeException
{
    /// <summary>Creates the exception.</summary>
    public CascadeRefusedException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong and how to repair it.</param>
    public CascadeRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong and how to repair it.</param>
    /// <param name="innerException">The cause.</param>
    public CascadeRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Why there is no answer; never <see cref="CascadeStatus.Answered"/>.</summary>
    [Id(0)]
    public CascadeStatus Status { get; init; }

    /// <summary>What was paid all the same, in nano-dollars.</summary>
    [Id(1)]
    public long CostNanos { get; init; }

    /// <summary>The trace of the request, 32 hexadecimal digits; empty when there is none.</summary>
    [Id(2)]
    public string TraceId { get; init; } = "";

    /// <summary>Whether the same request may succeed later with nothing changed by anybody.</summary>
    public bool IsTransient => Status.IsTransient();

    /// <summary>Turns a reply without an answer into the exception that says so.</summary>
    /// <param name="reply">The reply.</param>
    /// <returns>A <see cref="BudgetExceededException"/> when the account cannot pay, otherwise a <see cref="CascadeRefusedException"/>.</returns>
    /// <exception cref="ArgumentException">The reply has an answer.</exception>
    public static CascadeRefusedException FromReply(CascadeReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (reply.Status == CascadeStatus.Answered)
        {
            throw new ArgumentException("the reply has an answer, so it is no refusal", nameof(reply));
        }

        var message = reply.Problem.Length > 0 ? reply.Problem : $"the request ended as {reply.Status} and has no answer";
        return reply is { Status: CascadeStatus.InsufficientQuota, Refusal: { } refusal }
            ? new BudgetExceededException(message)
            {
                Status = reply.Status,
                CostNanos = reply.CostNanos,
                TraceId = reply.TraceId,
                Refusal = refusal,
            }
            : new CascadeRefusedException(message) { Status = reply.Status, CostNanos = reply.CostNanos, TraceId = reply.TraceId };
    }
}
