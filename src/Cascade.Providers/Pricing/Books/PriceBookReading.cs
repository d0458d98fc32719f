using System.Collections.Immutable;

namespace Cascade.Providers.Pricing;

/// <summary>What came of reading the files of a price book.</summary>
/// <param name="Book">The book; null when there are problems.</param>
/// <param name="Problems">One sentence each: the file and line, what is wrong there, and the repair.</param>
public sealed record PriceBookReading(PriceBook? Book, ImmutableArray<string> Problems);
