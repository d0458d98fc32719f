using System.Globalization;
using Cascade.Providers.Pricing;

namespace Cascade.Providers;

/// <summary>What can be wrong with the prices that stand at an endpoint.</summary>
internal static class PriceConfigChecks
{
    public static IEnumerable<string> Check(EndpointConfig config)
    {
        (string Key, decimal? Usd)[] both =
        [
            (nameof(config.InputUsdPerMillionTokens), config.InputUsdPerMillionTokens),
            (nameof(config.OutputUsdPerMillionTokens), config.OutputUsdPerMillionTokens),
        ];
        (string Key, decimal? Usd)[] extra =
        [
            (nameof(config.CachedInputUsdPerMillionTokens), config.CachedInputUsdPerMillionTokens),
            (nameof(config.CacheWriteUsdPerMillionTokens), config.CacheWriteUsdPerMillionTokens),
            (nameof(config.ReasoningUsdPerMillionTokens), config.ReasoningUsdPerMillionTokens),
            (nameof(config.RequestUsd), config.RequestUsd),
        ];
        foreach (var (key, usd) in both.Concat(extra))
        {
            if (usd is { } price && Problem(price, key == nameof(config.RequestUsd) ? PriceLimits.MostFeeUsd : PriceLimits.MostTokenUsd) is { } problem)
                yield return $"{key} {problem}";
        }

        foreach (var (key, usd) in both)
        {
            if (usd is null && both.Any(other => other.Usd is not null))
                yield return $"{key} is not set although the other price is; set both prices, or none for an unpriced endpoint.";
        }

        if (config.Price is not null)
        {
            foreach (var (key, _) in both.Concat(extra).Where(each => each.Usd is not null))
                yield return $"{key} is set although Price names an entry of the price book; keep one of the two.";
        }
        else if (both.All(each => each.Usd is null))
        {
            foreach (var (key, _) in extra.Where(each => each.Usd is not null))
                yield return $"{key} is set without {both[0].Key} and {both[1].Key}; set these two, or remove it.";
        }
    }

    private static string? Problem(decimal usd, decimal most)
    {
        if (!UsdPrice.TryToNanos(usd, out _, out var problem))
            return problem;
        return usd > most ? string.Create(CultureInfo.InvariantCulture, $"is more than any provider charges ({usd}); give at most {most} USD.") : null;
    }
}
