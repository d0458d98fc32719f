namespace Cascade.Providers.Pricing;

/// <summary>What an endpoint charges, in nano-dollars (1e-9 USD) per million tokens. Cost rounds up to the next nano-dollar.</summary>
/// <param name="InputNanosPerMillionTokens">Price of a million prompt tokens, at least 0.</param>
/// <param name="OutputNanosPerMillionTokens">Price of a million answer tokens, reasoning included, at least 0.</param>
public sealed record PriceList(long InputNanosPerMillionTokens, long OutputNanosPerMillionTokens);
