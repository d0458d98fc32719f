namespace Cascade.Budgets;

/// <summary>What was spent at one endpoint: totals that only grow.</summary>
public sealed record ModelUsage
{
    /// <summary>The endpoint; empty for spend of which nobody said where.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Everything settled there.</summary>
    public Money Settled { get; init; }

    /// <summary>Provider calls that were settled there.</summary>
    public long Attempts { get; init; }

    /// <summary>What the provider counted for them.</summary>
    public TokenCounts Tokens { get; init; }

    internal void Describe(Fingerprint fingerprint) => fingerprint
        .Add(Endpoint).Add(Settled.Nanos).Add(Attempts).Add(Tokens.Input).Add(Tokens.Output).Add(Tokens.Cached).Add(Tokens.Reasoning);
}
