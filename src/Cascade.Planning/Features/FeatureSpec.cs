using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Features;

/// <summary>
/// Which features of a query an estimator reads. Data: a plan document holds it, and the same document gives the same features in every process.
/// </summary>
/// <remarks>
/// The vector has, in this order: <see cref="Buckets"/> places for hashed n-grams of the text, nine for the text's shape, one per task, one per
/// numeric feature. <see cref="HashedTextFeatures"/> computes it.
/// </remarks>
public sealed record FeatureSpec
{
    /// <summary>Most <see cref="Buckets"/>.</summary>
    public const int MostBuckets = 1 << 20;

    /// <summary>Most tasks that get a place of their own.</summary>
    public const int MostTasks = 256;

    /// <summary>Places for n-grams: a power of two from 2 to <see cref="MostBuckets"/>.</summary>
    public int Buckets { get; init; } = 2048;

    /// <summary>Longest run of words that counts as one feature, 0 to 3; 0 leaves words out.</summary>
    public int WordGrams { get; init; } = 1;

    /// <summary>Shortest run of characters that counts as one feature, at least 1; ignored without <see cref="LongestCharGram"/>.</summary>
    public int ShortestCharGram { get; init; } = 3;

    /// <summary>Longest run of characters that counts as one feature, up to 8; 0 leaves characters out.</summary>
    public int LongestCharGram { get; init; }

    /// <summary>Most n-grams taken from a text, 1 to 65,536: words before characters, each from the beginning.</summary>
    public int MaxGrams { get; init; } = 2048;

    /// <summary>Most characters (Unicode scalar values, runs of white space counted once) read of a text, 1 to 65,536.</summary>
    public int MaxCharacters { get; init; } = 8192;

    /// <summary>Length of the n-grams' part of the vector, at least 0.</summary>
    public double TextWeight { get; init; } = 1;

    /// <summary>Factor on scaled shape and numeric features, at least 0.</summary>
    public double NumberWeight { get; init; } = 0.3;

    /// <summary>Value at the place of the query's task, at least 0.</summary>
    public double TaskWeight { get; init; } = 1;

    /// <summary>The tasks with a place of their own; others have none.</summary>
    public ImmutableArray<string> Tasks { get; init; } = [];

    /// <summary>Scales of the shape features; empty leaves the text's shape out.</summary>
    public ImmutableArray<FeatureScale> Shape { get; init; } = [];

    /// <summary>Scales of the numeric features, in the order of the table they were fitted on.</summary>
    public ImmutableArray<FeatureScale> Numbers { get; init; } = [];

    /// <summary>What an estimator reads that looks at these places of the vector.</summary>
    internal QueryReads ReadAt(IEnumerable<int> places)
    {
        var read = new bool[Dimension];
        foreach (var place in places)
        {
            read[place] = true;
        }

        return ReadAt(place => read[place]);
    }

    /// <summary>What an estimator reads that looks at some places of the vector.</summary>
    /// <remarks>A part whose weight is 0 has no entries, whatever looks at its places.</remarks>
    internal QueryReads ReadAt(Func<int, bool> looksAt)
    {
        var (tasks, numbers) = (Buckets + TextShape.Count, Buckets + TextShape.Count + Tasks.Length);
        bool Any(int from, int count) => Enumerable.Range(from, count).Any(looksAt);
        var shapes = NumberWeight > 0 && !Shape.IsEmpty ? Enumerable.Range(0, TextShape.Count).Where(i => looksAt(Buckets + i)).ToList() : [];
        return new QueryReads
        {
            Text = (TextWeight > 0 && Any(0, Buckets)) || shapes.Any(i => i != TextShape.LogTokens),
            Task = TaskWeight > 0 && Any(tasks, Tasks.Length),
            InputTokens = shapes.Contains(TextShape.LogTokens),
            Features = NumberWeight > 0 ? [.. Numbers.Where((_, i) => looksAt(numbers + i)).Select(scale => scale.Name)] : [],
        };
    }

    internal int Dimension => Buckets + TextShape.Count + Tasks.Length + Numbers.Length;

    /// <summary>Takes tasks and scales from a table.</summary>
    /// <param name="table">The rows to train on.</param>
    /// <returns>The same choices with the <see cref="MostTasks"/> most frequent tasks of the table and the scales of its numbers.</returns>
    /// <exception cref="ArgumentException">A choice is outside its range; the message names every one.</exception>
    public FeatureSpec FitTo(OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        Require();
        var tasks = table.Queries.Where(q => !string.IsNullOrEmpty(q.Task)).GroupBy(q => q.Task!, StringComparer.Ordinal)
            .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostTasks).Select(g => g.Key);
        var shapes = new double[TextShape.Count][];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = new double[table.RowCount];
        }

        Span<double> shape = stackalloc double[TextShape.Count];
        for (var row = 0; row < table.RowCount; row++)
        {
            TextShape.Measure(QueryFacts.Of(table, row), MaxCharacters, shape);
            for (var i = 0; i < shapes.Length; i++)
            {
                shapes[i][row] = shape[i];
            }
        }

        return this with
        {
            Tasks = [.. tasks],
            Shape = [.. shapes.Select((column, i) => FeatureScale.Of(TextShape.Names[i], column))],
            Numbers = [.. Enumerable.Range(0, table.Features.Length).Select(f => FeatureScale.Of(table.Features[f], table.Feature(f)))],
        };
    }

    internal void Require()
    {
        var problems = new List<string>();
        Check(problems, Buckets is >= 2 and <= MostBuckets && BitOperations.IsPow2(Buckets), nameof(Buckets), Buckets, $"a power of two from 2 to {MostBuckets}");
        Check(problems, WordGrams is >= 0 and <= 3, nameof(WordGrams), WordGrams, "0 to 3");
        Check(problems, LongestCharGram is >= 0 and <= 8, nameof(LongestCharGram), LongestCharGram, "0 to 8");
        Check(
            problems, ShortestCharGram >= 1 && (LongestCharGram == 0 || ShortestCharGram <= LongestCharGram), nameof(ShortestCharGram), ShortestCharGram,
            $"1 to {nameof(LongestCharGram)}");
        Check(problems, MaxGrams is >= 1 and <= 65_536, nameof(MaxGrams), MaxGrams, "1 to 65536");
        Check(problems, MaxCharacters is >= 1 and <= 65_536, nameof(MaxCharacters), MaxCharacters, "1 to 65536");
        Check(problems, TextWeight is >= 0 and <= 1e6, nameof(TextWeight), TextWeight, "0 to 1e6");
        Check(problems, NumberWeight is >= 0 and <= 1e6, nameof(NumberWeight), NumberWeight, "0 to 1e6");
        Check(problems, TaskWeight is >= 0 and <= 1e6, nameof(TaskWeight), TaskWeight, "0 to 1e6");
        Check(problems, Shape.Length is 0 or TextShape.Count, nameof(Shape), Shape.Length, $"none or {TextShape.Count} scales");
        Check(
            problems, !Shape.Concat(Numbers).Any(s => !double.IsFinite(s.Mean) || s.Deviation is not (> 0 and < double.PositiveInfinity)), nameof(Numbers),
            Numbers.Length, "scales with a finite mean and a deviation above 0");
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems));
        }
    }

    private static void Check(List<string> problems, bool holds, string field, double value, string range)
    {
        if (!holds)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{field} is {value}; give {range}"));
        }
    }
}
