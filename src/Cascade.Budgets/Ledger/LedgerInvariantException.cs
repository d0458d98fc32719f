namespace Cascade.Budgets;

/// <summary>A ledger contradicts itself: a bug or a damaged record, never the outcome of a command. Its state must not be saved.</summary>
public sealed class LedgerInvariantException : Exception
{
    /// <summary>Creates an exception with no message.</summary>
    public LedgerInvariantException()
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">Which invariant is broken and by which values.</param>
    public LedgerInvariantException(string message)
        : base(message)
    {
    }

    /// <summary>Creates an exception.</summary>
    /// <param name="message">Which invariant is broken and by which values.</param>
    /// <param name="innerException">What led to it.</param>
    public LedgerInvariantException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
