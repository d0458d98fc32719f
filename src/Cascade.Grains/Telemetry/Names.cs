using System.Collections.Concurrent;
using System.Text;

namespace Cascade.Grains.Telemetry;

/// <summary>Kebab-case names of enum values, as they appear in traces, metrics and replies.</summary>
internal static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => Cache<T>.Names.GetOrAdd(value, static v => Kebab(v.ToString()));

    private static string Kebab(string pascal)
    {
        var text = new StringBuilder(pascal.Length + 8);
        foreach (var c in pascal)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('-');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }

    private static class Cache<T>
        where T : struct, Enum
    {
        public static readonly ConcurrentDictionary<T, string> Names = new();
    }
}
