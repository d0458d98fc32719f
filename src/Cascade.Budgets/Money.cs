using System.Globalization;

namespace Cascade.Budgets;

/// <summary>An amount of money in nano-dollars (1e-9 USD), exact, from about -9.2 to +9.2 billion dollars.</summary>
/// <param name="Nanos">The amount in nano-dollars.</param>
public readonly record struct Money(long Nanos) : IComparable<Money>
{
    /// <summary>Nano-dollars in a dollar.</summary>
    public const long NanosPerDollar = 1_000_000_000;

    /// <summary>Nothing.</summary>
    public static Money Zero => default;

    /// <summary>The larger of two amounts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The larger.</returns>
    public static Money Max(Money left, Money right) => left.Nanos >= right.Nanos ? left : right;

    /// <summary>The smaller of two amounts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The smaller.</returns>
    public static Money Min(Money left, Money right) => left.Nanos <= right.Nanos ? left : right;

    /// <summary>Adds.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Nanos + right.Nanos));

    /// <summary>Subtracts.</summary>
    /// <param name="left">From this.</param>
    /// <param name="right">This.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="OverflowException">The difference does not fit.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Nanos - right.Nanos));

    /// <summary>Compares.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether the left is less.</returns>
    public static bool operator <(Money left, Money right) => left.Nanos < right.Nanos;

    /// <summary>Compares.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether the left is more.</returns>
    public static bool operator >(Money left, Money right) => left.Nanos > right.Nanos;

    /// <summary>Compares.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether the left is at most the right.</returns>
    public static bool operator <=(Money left, Money right) => left.Nanos <= right.Nanos;

    /// <summary>Compares.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether the left is at least the right.</returns>
    public static bool operator >=(Money left, Money right) => left.Nanos >= right.Nanos;

    /// <inheritdoc />
    public int CompareTo(Money other) => Nanos.CompareTo(other.Nanos);

    /// <summary>The amount in dollars with all nine places, for example <c>$0.000127500</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString()
    {
        var magnitude = (UInt128)Int128.Abs(Nanos);
        var dollars = magnitude / NanosPerDollar;
        var rest = magnitude % NanosPerDollar;
        return string.Create(CultureInfo.InvariantCulture, $"{(Nanos < 0 ? "-" : "")}${dollars}.{rest:D9}");
    }
}
