using System.Globalization;
using Cascade.Providers.Pricing;

namespace Cascade.Cli.Prices;

/// <summary>One step of one entry, for a person and as JSON.</summary>
internal sealed record PriceRow
{
    public required string Name { get; init; }

    /// <summary>When the prices take effect; null for always.</summary>
    public required DateTimeOffset? From { get; init; }

    /// <summary>Whether they hold at the moment that was asked for.</summary>
    public required bool InEffect { get; init; }

    public required string Input { get; init; }

    public required string? CachedInput { get; init; }

    public required string? CacheWrite { get; init; }

    public required string Output { get; init; }

    public required string? Reasoning { get; init; }

    public required string? Fees { get; init; }

    public required string? Tiers { get; init; }

    public static IEnumerable<PriceRow> Of(string name, PriceSchedule schedule, DateTimeOffset at)
    {
        var now = schedule.At(at);
        return schedule.Steps.Select(step => Of(name, step, ReferenceEquals(step.Prices, now)));
    }

    private static PriceRow Of(string name, PriceStep step, bool inEffect) => new()
    {
        Name = name,
        From = step.From == DateTimeOffset.MinValue ? null : step.From.ToUniversalTime(),
        InEffect = inEffect,
        Input = Show(step.Prices.Tokens.Input),
        CachedInput = Show(step.Prices.Tokens.CachedInput),
        CacheWrite = Show(step.Prices.Tokens.CacheWrite),
        Output = Show(step.Prices.Tokens.Output),
        Reasoning = Show(step.Prices.Tokens.Reasoning),
        Fees = FeesOf(step.Prices),
        Tiers = step.Prices.Tiers.IsEmpty ? null : TiersOf(step.Prices),
    };

    public static string Describe(PriceList prices) => string.Join(", ", new[]
    {
        $"input {Show(prices.Tokens.Input)}",
        Named("cached", prices.Tokens.CachedInput),
        Named("cache write", prices.Tokens.CacheWrite),
        Named("image input", prices.Tokens.ImageInput),
        $"output {Show(prices.Tokens.Output)}",
        Named("reasoning", prices.Tokens.Reasoning),
        FeesOf(prices),
        prices.Tiers.IsEmpty ? null : TiersOf(prices),
    }.OfType<string>());

    private static string TiersOf(PriceList prices)
    {
        var rule = prices.TierRule == TierRule.PartAbove ? "part above" : "whole call above";
        return string.Join("; ", prices.Tiers.Select(tier => string.Create(
            CultureInfo.InvariantCulture, $"{rule} {tier.AboveInputTokens}: {Show(tier.Tokens.Input)} in, {Show(tier.Tokens.Output)} out")));
    }

    private static string? FeesOf(PriceList prices)
    {
        (string Name, long Nanos)[] fees = [("request", prices.RequestNanos), ("image", prices.ImageNanos), ("tool call", prices.ToolCallNanos)];
        var set = fees.Where(fee => fee.Nanos > 0).Select(fee => $"{fee.Name} {Show(fee.Nanos)}").ToArray();
        return set.Length == 0 ? null : string.Join(", ", set);
    }

    private static string? Named(string name, long? nanos) => nanos is { } given ? $"{name} {Show(given)}" : null;

    private static string? Show(long? nanos) => nanos is { } given ? Show(given) : null;

    private static string Show(long nanos) => (nanos / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture);
}
