namespace Cascade.Verification;

/// <summary>One side of an equation, evaluated.</summary>
/// <param name="IsKnown">Whether everything on it is a number, and it could be computed.</param>
/// <param name="Value">Its value.</param>
/// <param name="Operators">Operators on it; a lone number has none.</param>
/// <param name="Places">Digits after the point of a lone number as written.</param>
/// <param name="HasDecimals">Whether an operand is written with decimals, so that it may be rounded already.</param>
/// <param name="HasPercent">Whether a percent sign stands on it.</param>
/// <param name="HasUnits">Whether a word stands on it.</param>
internal readonly record struct Side(
    bool IsKnown, Rational Value, int Operators, int Places, bool HasDecimals, bool HasPercent, bool HasUnits)
{
    internal static Side Unknown => default;
}
