namespace Cascade.Providers.Calling;

/// <summary>What a provider says in an answer of how much it would still take; null where it does not say.</summary>
/// <param name="Requests">Calls.</param>
/// <param name="Tokens">Tokens.</param>
public sealed record ProviderLimits(LimitLeft? Requests, LimitLeft? Tokens)
{
    /// <summary>How long ago the provider said so.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>What is left of it after a while, when nothing else is used.</summary>
    /// <param name="passed">The time since the answer.</param>
    /// <returns>The limits; null when nothing is known any more.</returns>
    public ProviderLimits? After(TimeSpan passed) => (Requests?.After(passed), Tokens?.After(passed)) is var (requests, tokens) && (requests ?? tokens) is not null
        ? new(requests, tokens) { Age = Age + passed }
        : null;
}

/// <summary>What is left of one of a provider's limits.</summary>
/// <param name="Remaining">How much is left, at least 0.</param>
/// <param name="Limit">How much there is when nothing is used; null when it does not say.</param>
/// <param name="ResetIn">How long from the answer until everything is there again, above 0 to a day.</param>
public sealed record LimitLeft(long Remaining, long? Limit, TimeSpan ResetIn)
{
    /// <summary>What is left after a while, when nothing else is used: it grows back evenly.</summary>
    /// <param name="passed">The time since the answer.</param>
    /// <returns>What is left; null when everything is back, so that the answer says nothing any more.</returns>
    public LimitLeft? After(TimeSpan passed) => passed <= TimeSpan.Zero ? this
        : passed >= ResetIn ? null
        : this with { ResetIn = ResetIn - passed, Remaining = Remaining + (long)(Math.Max(0, (Limit ?? Remaining) - Remaining) * (passed / ResetIn)) };
}
