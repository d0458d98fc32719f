using System.Collections.Immutable;

namespace Cascade.Providers.Pricing;

/// <summary>The prices of one entry of a price book over time.</summary>
public sealed class PriceSchedule : IPriceSource
{
    /// <summary>Makes a schedule.</summary>
    /// <param name="steps">The prices with the moments they take effect, which strictly increase; at least one.</param>
    /// <exception cref="ArgumentException">There is no step, or their moments do not increase.</exception>
    public PriceSchedule(ImmutableArray<PriceStep> steps)
    {
        if (steps.IsDefaultOrEmpty)
            throw new ArgumentException("A schedule needs at least one price.", nameof(steps));
        for (var i = 1; i < steps.Length; i++)
        {
            if (steps[i].From <= steps[i - 1].From)
                throw new ArgumentException("The moments at which prices take effect must increase.", nameof(steps));
        }

        Steps = steps;
    }

    /// <summary>The prices, oldest first.</summary>
    public ImmutableArray<PriceStep> Steps { get; }

    /// <inheritdoc/>
    public PriceList? At(DateTimeOffset moment)
    {
        for (var i = Steps.Length - 1; i >= 0; i--)
        {
            if (Steps[i].From <= moment)
                return Steps[i].Prices;
        }

        return null;
    }
}

/// <summary>Prices and when they take effect.</summary>
/// <param name="From">The first moment at which they hold; <see cref="DateTimeOffset.MinValue"/> for always.</param>
/// <param name="Prices">The prices.</param>
public sealed record PriceStep(DateTimeOffset From, PriceList Prices);
