using System.Globalization;

namespace Cascade.Server.Gateway;

/// <summary>Nano-dollars as dollars with all nine places, so that nothing is rounded on the way to the caller.</summary>
internal static class UsdText
{
    private const long NanosPerDollar = 1_000_000_000;

    public static string Format(long nanos)
    {
        var magnitude = UInt128.CreateChecked(Int128.Abs(nanos));
        var sign = nanos < 0 ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{magnitude / NanosPerDollar}.{(ulong)(magnitude % NanosPerDollar):D9}");
    }
}
