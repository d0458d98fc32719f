namespace Cascade.Storage.Ledger;

/// <summary>A command of the ledger log got no answer. Asking again is safe.</summary>
public sealed class LedgerLogUnavailableException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="account">The account the command was for; empty for all of them.</param>
    /// <param name="command">What was asked.</param>
    /// <param name="cause">Why there is no answer.</param>
    public LedgerLogUnavailableException(string account, string command, Exception? cause = null)
        : base($"The outcome of {command} on the ledger log of account '{account}' is unknown: {cause?.Message ?? "no answer"}", cause) =>
        Account = account;

    /// <summary>The account.</summary>
    public string Account { get; }
}

/// <summary>A stored line was never written by this program. It needs a person; nothing is skipped.</summary>
public sealed class LedgerLogDamagedException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="account">The account.</param>
    /// <param name="sequence">The number that the damaged line stands for.</param>
    /// <param name="reason">What is wrong with it.</param>
    public LedgerLogDamagedException(string account, long sequence, string reason)
        : base($"The ledger log of account '{account}' is damaged at entry {sequence}: {reason}")
    {
        Account = account;
        Sequence = sequence;
    }

    /// <summary>The account.</summary>
    public string Account { get; }

    /// <summary>The number that the damaged line stands for.</summary>
    public long Sequence { get; }
}
