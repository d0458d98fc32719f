using System.Buffers;
using System.Collections.Frozen;
using Cascade.Planning.Estimation;

namespace Cascade.Planning.Features;

/// <summary>
/// Turns a query into a sparse vector: signed hashed n-grams of words and characters, the text's shape, its task and its numeric features, as a
/// <see cref="FeatureSpec"/> says. The same text gives the same vector in every process and culture. Thread-safe; once
/// the pool of arrays is warm, nothing is allocated.
/// </summary>
/// <remarks>
/// <para>
/// Words are runs of letters, digits and marks; any other visible character is a word of its own, so that operators and brackets count. Letters
/// are lower-cased by the invariant culture, white space and control characters part words, an unpaired surrogate reads as U+FFFD, and no Unicode
/// normalisation form is applied. The hash is FNV-1a over scalar values with MurmurHash3's finaliser; its highest bit is the sign.
/// </para>
/// <para>The n-grams of a bucket count as <c>sign · (1 + ln |sum|)</c>, and their part of the vector is scaled to the length of its weight.</para>
/// </remarks>
public sealed class HashedTextFeatures
{
    private readonly FeatureSpec _spec;
    private readonly FrozenDictionary<string, int> _tasks;

    /// <summary>Prepares the computation.</summary>
    /// <param name="spec">What to compute.</param>
    /// <exception cref="ArgumentException">A number of the spec is outside its range, or a task occurs twice.</exception>
    public HashedTextFeatures(FeatureSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Require();
        _spec = spec;
        Dimension = spec.Dimension;
        MaxEntries = Math.Min(spec.MaxGrams, spec.Buckets) + TextShape.Count + 1 + spec.Numbers.Length;
        if (spec.Tasks.Distinct(StringComparer.Ordinal).Count() != spec.Tasks.Length)
        {
            throw new ArgumentException("a task occurs twice in Tasks; give each once", nameof(spec));
        }

        _tasks = spec.Tasks.Select((task, i) => KeyValuePair.Create(task, i)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The length of the vector.</summary>
    public int Dimension { get; }

    /// <summary>The most entries that <see cref="Extract"/> writes.</summary>
    public int MaxEntries { get; }

    /// <summary>Computes the vector of a query.</summary>
    /// <param name="query">The query; its numeric features are in the order of <see cref="FeatureSpec.Numbers"/>, missing ones count as unknown.</param>
    /// <param name="indexes">Takes the places of the entries, at least <see cref="MaxEntries"/> long; none occurs twice.</param>
    /// <param name="values">Takes their values, finite and not 0.</param>
    /// <returns>The number of entries; 0 when nothing is known of the query, or nothing that differs from the average.</returns>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public int Extract(in QueryFacts query, Span<int> indexes, Span<double> values)
    {
        if (indexes.Length < MaxEntries || values.Length < MaxEntries)
        {
            throw new ArgumentException($"the spans have {indexes.Length} and {values.Length} places where {MaxEntries} are needed", nameof(indexes));
        }

        var count = query.Text.IsEmpty ? 0 : Grams(query.Text, indexes, values);
        var at = _spec.Buckets;
        if (!_spec.Shape.IsEmpty)
        {
            Span<double> shape = stackalloc double[TextShape.Count];
            TextShape.Measure(query, _spec.MaxCharacters, shape);
            for (var i = 0; i < shape.Length; i++)
            {
                Put(indexes, values, ref count, at + i, _spec.NumberWeight * _spec.Shape[i].Apply(shape[i]));
            }
        }

        at += TextShape.Count;
        if (query.Task is { } name && _tasks.TryGetValue(name, out var task))
        {
            Put(indexes, values, ref count, at + task, _spec.TaskWeight);
        }

        at += _spec.Tasks.Length;
        for (var i = 0; i < _spec.Numbers.Length && i < query.Features.Length; i++)
        {
            Put(indexes, values, ref count, at + i, _spec.NumberWeight * _spec.Numbers[i].Apply(query.Features[i]));
        }

        return count;
    }

    private static void Put(Span<int> indexes, Span<double> values, ref int count, int index, double value)
    {
        if (value != 0)
        {
            (indexes[count], values[count]) = (index, value);
            count++;
        }
    }

    private int Grams(ReadOnlySpan<char> text, Span<int> indexes, Span<double> values)
    {
        var runes = ArrayPool<int>.Shared.Rent(Math.Min(_spec.MaxCharacters, text.Length));
        var touched = ArrayPool<int>.Shared.Rent(_spec.MaxGrams);
        var counts = ArrayPool<float>.Shared.Rent(_spec.Buckets);
        var buckets = counts.AsSpan(0, _spec.Buckets);
        buckets.Clear();
        var read = runes.AsSpan(0, TextRunes.Read(text, runes.AsSpan(0, Math.Min(_spec.MaxCharacters, text.Length))));
        var counter = new GramCounter(buckets, touched.AsSpan(0, _spec.MaxGrams));
        counter.Words(read, _spec.WordGrams);
        counter.Characters(read, _spec.ShortestCharGram, _spec.LongestCharGram);
        var (count, squares) = (0, 0.0);
        foreach (var bucket in touched.AsSpan(0, counter.Grams))
        {
            var sum = buckets[bucket];
            if (sum == 0)
            {
                continue;
            }

            var value = Math.CopySign(1 + Math.Log(Math.Abs(sum)), sum);
            (indexes[count], values[count]) = (bucket, value);
            count++;
            squares += value * value;
            buckets[bucket] = 0;
        }

        ArrayPool<float>.Shared.Return(counts);
        ArrayPool<int>.Shared.Return(touched);
        ArrayPool<int>.Shared.Return(runes);
        return _spec.TextWeight == 0 ? 0 : Scale(values[..count], _spec.TextWeight / Math.Sqrt(squares));
    }

    private static int Scale(Span<double> values, double factor)
    {
        foreach (ref var value in values)
        {
            value *= factor;
        }

        return values.Length;
    }
}
