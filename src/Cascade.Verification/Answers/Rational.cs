using System.Globalization;
using System.Numerics;

namespace Cascade.Verification;

/// <summary>An exact fraction in lowest terms, so that recomputing an equation adds no rounding of its own.</summary>
internal readonly record struct Rational
{
    /// <summary>Above this size a number is no longer arithmetic that a person would write, only work.</summary>
    internal const int MaxBits = 1_024;

    internal Rational(BigInteger numerator, BigInteger denominator)
    {
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        Denominator = denominator / divisor;
    }

    internal static Rational Zero => new(0, 1);

    internal BigInteger Numerator { get; }

    internal BigInteger Denominator { get; }

    internal bool IsInteger => Denominator.IsOne;

    internal bool IsTooLarge => Numerator.GetBitLength() > MaxBits || Denominator.GetBitLength() > MaxBits;

    public static Rational operator +(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static bool operator <=(Rational a, Rational b) => a.Numerator * b.Denominator <= b.Numerator * a.Denominator;

    public static bool operator >=(Rational a, Rational b) => b <= a;

    internal static Rational Abs(Rational a) => new(BigInteger.Abs(a.Numerator), a.Denominator);

    internal static Rational PowerOfTen(int exponent) => exponent >= 0
        ? new Rational(BigInteger.Pow(10, exponent), 1)
        : new Rational(1, BigInteger.Pow(10, -exponent));

    internal static Rational? Divide(Rational a, Rational b) =>
        b.Numerator.IsZero ? null : new Rational(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    /// <summary>Decimal without trailing zeros when the fraction ends, for example <c>-0.25</c>; <c>1/3</c> when it does not.</summary>
    internal string ToCanonical()
    {
        var rest = Denominator;
        var twos = Remove(ref rest, 2);
        var fives = Remove(ref rest, 5);
        if (!rest.IsOne)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
        }

        var places = Math.Max(twos, fives);
        var scaled = BigInteger.Abs(Numerator) * BigInteger.Pow(10, places) / Denominator;
        var digits = scaled.ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
        var sign = Numerator.Sign < 0 ? "-" : "";
        return places == 0 ? sign + digits : $"{sign}{digits[..^places]}.{digits[^places..]}";
    }

    /// <summary>Places after the point when the fraction ends; -1 when it does not.</summary>
    internal int DecimalPlaces()
    {
        var rest = Denominator;
        var places = Math.Max(Remove(ref rest, 2), Remove(ref rest, 5));
        return rest.IsOne ? places : -1;
    }

    private static int Remove(ref BigInteger value, int factor)
    {
        var count = 0;
        while (!value.IsOne && (value % factor).IsZero)
        {
            value /= factor;
            count++;
        }

        return count;
    }
}
