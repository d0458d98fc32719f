using System.Globalization;

namespace Cascade.Grains.Configuration;

/// <summary>Turns the text of one setting into a value.</summary>
internal static class ConfigScalars
{
    private const int MaxShown = 40;

    public static bool IsScalar(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsEnum || Readers.ContainsKey(bare);
    }

    /// <returns>The value, or null with what is wrong.</returns>
    public static object? Read(Type type, string text, out string problem)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var (value, wanted) = bare.IsEnum ? ReadEnum(bare, text) : (Readers[bare].Read(text.Trim(), text), Readers[bare].Wanted);
        problem = value is null ? $"is '{Shorten(text)}'; it must be {wanted}" : "";
        return value;
    }

    private static readonly Dictionary<Type, (Func<string, string, object?> Read, string Wanted)> Readers = new()
    {
        [typeof(string)] = (static (_, raw) => raw, "text"),
        [typeof(bool)] = (static (text, _) => bool.TryParse(text, out var v) ? v : null, "true or false"),
        [typeof(int)] = (static (text, _) => int.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out var v) ? v : null, "a whole number"),
        [typeof(long)] = (static (text, _) => long.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out var v) ? v : null, "a whole number"),
        [typeof(double)] = (static (text, _) => double.TryParse(text, NumberStyles.Float, Culture, out var v) && double.IsFinite(v) ? v : null, "a number"),
        [typeof(decimal)] = (static (text, _) => decimal.TryParse(text, NumberStyles.Float, Culture, out var v) ? v : null, "a decimal number"),
        [typeof(TimeSpan)] = (static (text, _) => TimeSpan.TryParseExact(text, "c", Culture, out var v) ? v : null, "a time as [days.]hh:mm:ss"),
    };

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static (object? Value, string Wanted) ReadEnum(Type type, string text)
    {
        // The member for zero marks what was never set, so nobody can choose it.
        var names = Enum.GetNames(type).Where(name => Convert.ToInt64(Enum.Parse(type, name), Culture) != 0).ToArray();
        var name = names.FirstOrDefault(name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        return (name is null ? null : Enum.Parse(type, name), "one of " + string.Join(", ", names.Select(n => n.ToLowerInvariant())));
    }

    private static string Shorten(string text) => text.Length <= MaxShown ? text : text[..MaxShown] + "…";
}
