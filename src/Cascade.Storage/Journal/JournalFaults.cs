namespace Cascade.Storage.Journal;

/// <summary>
/// A journal command got no answer: it may or may not have been applied, now or later. An entry whose append ended so must be treated as
/// if it were in the stream.
/// </summary>
public sealed class JournalUnavailableException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="key">The stream the command was for.</param>
    /// <param name="command">What was asked.</param>
    /// <param name="cause">Why there is no answer.</param>
    public JournalUnavailableException(JournalKey key, string command, Exception? cause = null)
        : base($"The outcome of {command} on usage stream {key} is unknown: {cause?.Message ?? "no answer"}", cause) => Key = key;

    /// <summary>The stream the command was for.</summary>
    public JournalKey Key { get; }
}

/// <summary>Too many appends wait already. Nothing was written, so the caller may try again or refuse its own work.</summary>
public sealed class JournalQueueFullException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="key">The stream the append was for.</param>
    /// <param name="limit">How many appends may wait.</param>
    public JournalQueueFullException(JournalKey key, int limit)
        : base($"{limit} journal appends are waiting, so none was taken for usage stream {key}. Raise JournalQueueLimit or slow down.") => Key = key;

    /// <summary>The stream the append was for.</summary>
    public JournalKey Key { get; }
}

/// <summary>A stored stream holds something that was never written by this program. It needs a person; nothing is skipped.</summary>
public sealed class JournalDamagedException : Exception
{
    /// <summary>Creates the fault.</summary>
    /// <param name="key">The stream.</param>
    /// <param name="position">The index of the damaged line; the header is 0.</param>
    /// <param name="reason">What is wrong with it.</param>
    public JournalDamagedException(JournalKey key, long position, string reason)
        : base($"Usage stream {key} is damaged at position {position}: {reason}")
    {
        Key = key;
        Position = position;
    }

    /// <summary>The stream.</summary>
    public JournalKey Key { get; }

    /// <summary>The index of the damaged line; the header is 0.</summary>
    public long Position { get; }
}
