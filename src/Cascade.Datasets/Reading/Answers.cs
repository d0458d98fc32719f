using System.Globalization;

namespace Cascade.Datasets.Reading;

/// <summary>Compares short recorded answers: as numbers when both are numbers, else as text without regard to case and outer blanks.</summary>
internal static class Answers
{
    public static bool Agree(string? left, string? right)
    {
        if (left is null || right is null)
        {
            return false;
        }

        return Number(left) is { } a && Number(right) is { } b
            ? a.Equals(b)
            : left.AsSpan().Trim().Equals(right.AsSpan().Trim(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Thousands separators, a leading dollar sign, a trailing full stop or percent sign are not part of the number.</summary>
    private static double? Number(string answer)
    {
        var bare = answer.Trim().TrimStart('$').TrimEnd('.', '%').Replace(",", "", StringComparison.Ordinal);
        return double.TryParse(bare, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
