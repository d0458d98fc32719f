namespace Cascade.Providers.Pricing;

/// <summary>What an endpoint charges, at any moment. Thread-safe.</summary>
public interface IPriceSource
{
    /// <summary>The prices for a call that starts at a moment; they hold until it ends.</summary>
    /// <param name="moment">When the call starts.</param>
    /// <returns>The prices; null when none are known for that moment, which no account with a hard cap may pay.</returns>
    PriceList? At(DateTimeOffset moment);
}
