using Cascade.Providers.Pricing;

namespace Cascade.Cli.Prices;

/// <summary>What one entry charges in two books at one moment.</summary>
/// <param name="Name">The entry.</param>
/// <param name="Before">What it charged; null when it was not there or not in effect.</param>
/// <param name="After">What it charges; null when it is not there or not in effect.</param>
internal sealed record PriceDifference(string Name, string? Before, string? After)
{
    /// <summary>Every moment at which either book changes a price is compared, so that a change that is yet to come is found too.</summary>
    public static IEnumerable<PriceDifference> Of(PriceBook before, PriceBook after)
    {
        foreach (var name in before.Entries.Keys.Union(after.Entries.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (old, now) = (before.Entries.GetValueOrDefault(name), after.Entries.GetValueOrDefault(name));
            var moments = Steps(old).Concat(Steps(now)).Distinct().Order();
            foreach (var moment in moments)
            {
                var (was, later) = (old?.At(moment), now?.At(moment));
                if (was is null ? later is not null : later is null || !was.ChargesLike(later))
                {
                    yield return new PriceDifference(Titled(name, moment), was is null ? null : PriceRow.Describe(was), later is null ? null : PriceRow.Describe(later));
                }
            }
        }
    }

    private static IEnumerable<DateTimeOffset> Steps(PriceSchedule? schedule) => schedule?.Steps.Select(step => step.From) ?? [];

    private static string Titled(string name, DateTimeOffset moment) =>
        moment == DateTimeOffset.MinValue ? name : $"{name} from {moment.ToUniversalTime():yyyy-MM-ddTHH:mm:ssZ}";
}
