using System.Collections.Immutable;

namespace Cascade.Storage.Journal;

/// <summary>What an entry says. Values are in storage: append only.</summary>
public enum JournalEntryKind
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>A call is about to start; it can cost from the lower to the upper bound.</summary>
    Intent = 1,

    /// <summary>The call's real cost.</summary>
    Settle = 2,

    /// <summary>The call was provably not billed.</summary>
    Void = 3,

    /// <summary>The call ended without saying whether it is billed.</summary>
    Unconfirmed = 4,
}

/// <summary>One line of the journal.</summary>
public sealed record JournalEntry
{
    /// <summary>What the entry says.</summary>
    public required JournalEntryKind Kind { get; init; }

    /// <summary>The attempt it speaks of.</summary>
    public required string AttemptId { get; init; }

    /// <summary>When it was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The endpoint; only with an intent.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>What the call is for; only with an intent, empty when it is not said.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The least the call can cost (intent, unconfirmed), or its cost (settle), in nano-dollars.</summary>
    public long LowerNanos { get; init; }

    /// <summary>The most the call can cost (intent, unconfirmed), or its cost (settle), in nano-dollars.</summary>
    public long UpperNanos { get; init; }

    /// <summary>Billed input tokens; only with a settle.</summary>
    public long InputTokens { get; init; }

    /// <summary>Billed output tokens; only with a settle.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Those of the input tokens that the provider read from its cache; only with a settle.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Those of the output tokens that the provider billed for reasoning; only with a settle.</summary>
    public long ReasoningTokens { get; init; }
}

/// <summary>How soon an entry is sent.</summary>
public enum AppendHaste
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>With the next round trip: somebody waits for it.</summary>
    Now = 1,

    /// <summary>Once a batch is full or <see cref="StorageConfig.JournalBatchDelay"/> has passed: nobody waits for it.</summary>
    Batched = 2,
}

/// <summary>Whether an append was taken.</summary>
public enum AppendStatus
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>The entry is durable.</summary>
    Appended = 1,

    /// <summary>The stream is sealed or was never opened: the holder has lost the lease.</summary>
    Fenced = 2,
}

/// <summary>A sealed stream.</summary>
/// <param name="Entries">The entries in the order they were appended: the sequence number of each is its index plus one.</param>
public sealed record JournalContents(ImmutableArray<JournalEntry> Entries);
