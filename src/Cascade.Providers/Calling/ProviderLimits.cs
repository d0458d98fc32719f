namespace Cascade.Providers.Calling;

/// <summary>What a provider says in an answer of how much it would still take; null where it does not say.</summary>
/// <param name="Requests">Calls.</param>
/// <param name="Tokens">Tokens.</param>
public sealed record ProviderLimits(LimitLeft? Requests, LimitLeft? Tokens);

/// <summary>What is left of one of a provider's limits.</summary>
/// <param name="Remaining">How much is left, at least 0.</param>
/// <param name="Limit">How much there is when nothing is used; null when it does not say.</param>
/// <param name="ResetIn">How long from the answer until everything is there again, above 0 to a day.</param>
public sealed record LimitLeft(long Remaining, long? Limit, TimeSpan ResetIn);
