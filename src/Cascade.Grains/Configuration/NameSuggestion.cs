namespace Cascade.Grains.Configuration;

/// <summary>Guesses which known name was meant.</summary>
internal static class NameSuggestion
{
    /// <returns>A half sentence to append to a problem; empty when nothing is near.</returns>
    public static string For(string unknown, IEnumerable<string> known)
    {
        var limit = Math.Max(1, unknown.Length / 3);
        var best = known
            .Select(name => (Name: name, Distance: Distance(unknown.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= limit)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
        return best is null ? "" : $"; did you mean '{best}'?";
    }

    // Levenshtein's distance with swapped neighbours counted as one slip, because that is how people mistype.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var change = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(change, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
                }
            }
        }

        return rows[a.Length, b.Length];
    }
}
