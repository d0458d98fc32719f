namespace Cascade.Contracts;

/// <summary>The account cannot pay for the cheapest way to answer; final until the budget resets or is raised.</summary>
[GenerateSerializer, Alias("cascade.exception.budget")]
public sealed class BudgetExceededException : CascadeRefusedException
{
    /// <summary>Creates the exception.</summary>
    public BudgetExceededException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong and how to repair it.</param>
    public BudgetExceededException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What went wrong and how to repair it.</param>
    /// <param name="innerException">The cause.</param>
    public BudgetExceededException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The state of the account's money; null only when the exception was made without one.</summary>
    [Id(0)]
    public BudgetRefusal? Refusal { get; init; }

    /// <summary>The account and the window whose cap refused, for example <c>acme/search day</c>.</summary>
    public string Scope => Refusal is { } refusal ? $"{refusal.Account} {refusal.Window}" : "";

    /// <summary>What is neither spent nor held, in nano-dollars; may be negative after an overrun.</summary>
    public long RemainingNanos => Refusal?.RemainingNanos ?? 0;

    /// <summary>What the request needed, in nano-dollars.</summary>
    public long NeededNanos => Refusal?.NeededNanos ?? 0;

    /// <summary>When the window starts anew; null when it never does.</summary>
    public DateTimeOffset? ResetsAt => Refusal?.ResetsAt;
}
