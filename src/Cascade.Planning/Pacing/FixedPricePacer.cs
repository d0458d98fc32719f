namespace Cascade.Planning.Pacing;

/// <summary>A price that does not move, as a baseline; a price of 0 is no pacing at all. Pure and thread-safe.</summary>
public sealed class FixedPricePacer : IPacer
{
    /// <summary>Creates a pacer.</summary>
    /// <param name="price">The price in quality per dollar, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The price is negative or not a finite number.</exception>
    public FixedPricePacer(double price)
    {
        if (!double.IsFinite(price) || price < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(price), price, "a price is 0 or more quality per dollar");
        }

        MaxPrice = price;
    }

    /// <summary>No pacing: money has no price, and only the cap stops spending.</summary>
    public static FixedPricePacer Free { get; } = new(0);

    /// <summary>The price, in quality per dollar.</summary>
    public double MaxPrice { get; }

    /// <inheritdoc/>
    public PacerState Start(double price) => new(MaxPrice);

    /// <inheritdoc/>
    public PacerState Update(PacerState state, in PacingReport report)
    {
        report.Require();
        return new PacerState(MaxPrice);
    }
}
