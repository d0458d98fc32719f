namespace Cascade.Verification;

/// <summary>What recomputing the equations of an answer found.</summary>
internal sealed class EquationFindings
{
    private static readonly Rational Hundred = new(100, 1);
    private static readonly Rational OneInThousand = new(1, 1_000);

    // Sides in different units: 90 minutes = 1.5 hours is no error of arithmetic.
    private static readonly Rational[] UnitFactors =
        [.. new[] { 3, 7, 10, 12, 16, 24, 30, 36, 52, 60, 100, 365, 1_000, 1_760, 3_600, 5_280 }.Select(f => new Rational(f, 1))];

    internal int Found { get; private set; }

    internal int Wrong { get; private set; }

    /// <summary>The values on both sides of every equation.</summary>
    internal List<Rational> Results { get; } = [];

    internal void Compare(Side left, Side right)
    {
        if (!left.IsKnown || !right.IsKnown || left.Operators + right.Operators == 0)
        {
            return;
        }

        Found++;
        Results.Add(left.Value);
        Results.Add(right.Value);
        Wrong += Holds(left, right) || Holds(right, left) || HoldsInOtherUnits(left, right) ? 0 : 1;
    }

    /// <summary>Whether the computed side gives the claimed one.</summary>
    /// <remarks>
    /// A claim may differ by less than one unit of the last place it is written with when the exact value has more places (rounded, cut or
    /// rounded up), and by a thousandth of the value when an operand is written with decimals (it may be a rounded result itself).
    /// </remarks>
    private static bool Holds(Side computed, Side claimed)
    {
        if (claimed.Operators > 0)
        {
            return Within(computed, claimed.Value, claimed.HasDecimals || computed.HasDecimals);
        }

        var unit = Rational.PowerOfTen(-claimed.Places);
        var difference = Rational.Abs(computed.Value - claimed.Value);
        var places = computed.Value.DecimalPlaces();
        var hasMore = places < 0 || places > claimed.Places;
        return (hasMore && !(difference >= unit)) || Within(computed, claimed.Value, computed.HasDecimals || !computed.Value.IsInteger);
    }

    private static bool Within(Side computed, Rational claimed, bool inexact)
    {
        var difference = Rational.Abs(computed.Value - claimed);
        return inexact ? difference <= Rational.Abs(computed.Value) * OneInThousand : difference.Numerator.IsZero;
    }

    private static bool HoldsInOtherUnits(Side left, Side right)
    {
        if (left.HasPercent != right.HasPercent && (HoldsScaled(left, right, Hundred) || HoldsScaled(right, left, Hundred)))
        {
            return true;
        }

        if (!left.HasUnits && !right.HasUnits)
        {
            return false;
        }

        foreach (var factor in UnitFactors)
        {
            if (HoldsScaled(left, right, factor) || HoldsScaled(right, left, factor))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsScaled(Side computed, Side claimed, Rational factor)
    {
        var scaled = computed with { Value = computed.Value * factor };
        return Holds(scaled, claimed) || Holds(claimed, scaled);
    }
}
