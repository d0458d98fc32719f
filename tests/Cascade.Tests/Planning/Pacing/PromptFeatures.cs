using System.Text;
using Cascade.Planning.Estimation;
using Cascade.Planning.Frontier;

namespace Cascade.Tests.Planning.Pacing;

/// <summary>Words and pairs of words, hashed, and the shape of the text: what a prompt says before any model runs.</summary>
internal static class PromptFeatures
{
    private const int Buckets = 1 << 14;
    private const double ShapeWeight = 0.5;

    public static SparseRows Of(IEnumerable<string> prompts)
    {
        var rows = new SparseRows(Buckets + 4);
        foreach (var prompt in prompts)
        {
            Add(rows, prompt);
        }

        return rows;
    }

    private static void Add(SparseRows rows, string prompt)
    {
        var counts = new SortedDictionary<int, double>();
        string? before = null;
        foreach (var word in Words(prompt))
        {
            Count(counts, word);
            if (before is not null)
            {
                Count(counts, before + " " + word);
            }

            before = word;
        }

        var length = Math.Sqrt(counts.Values.Sum(n => Math.Pow(1 + Math.Log(n), 2)));
        var log = Math.Log(prompt.Length + 1) - 5.5;
        double[] shape = [log, 5.0 * prompt.Count(char.IsDigit) / Math.Max(1, prompt.Length), prompt.Count(c => c == '\n') / 10.0, log * log / 4];
        rows.Add(
            [.. counts.Keys, .. Enumerable.Range(Buckets, shape.Length)],
            [.. counts.Values.Select(n => (1 + Math.Log(n)) / length), .. shape.Select(s => ShapeWeight * s)]);
    }

    private static void Count(SortedDictionary<int, double> counts, string gram)
    {
        var bucket = (int)(StableMix.Unit(gram) * Buckets);
        counts[bucket] = counts.GetValueOrDefault(bucket) + 1;
    }

    // Numbers say little by their value: each run of digits is the same word.
    private static IEnumerable<string> Words(string prompt)
    {
        var word = new StringBuilder();
        var last = "";
        foreach (var c in prompt.ToLowerInvariant().Append(' '))
        {
            if (char.IsLetter(c))
            {
                word.Append(c);
                continue;
            }

            if (word.Length > 0)
            {
                yield return last = word.ToString();
                word.Clear();
            }

            if (char.IsDigit(c) ? last != "#" : !char.IsWhiteSpace(c))
            {
                yield return last = char.IsDigit(c) ? "#" : c.ToString();
            }
        }
    }
}
