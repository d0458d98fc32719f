using System.Text;

using Cascade.Storage.Journal;

using CsCheck;

using Xunit;

namespace Cascade.Tests.Storage;

/// <summary>Reading a stream finds what is missing and what does not belong there.</summary>
public sealed class StreamLinesTests
{
    private static readonly JournalKey Stream = new("acme", "lease-1");

    /// <summary>A stream as a writer leaves it that sent some batches again: each time it goes back a little and repeats from there.</summary>
    private static readonly Gen<int[]> SequencesWithRepeats =
        from count in Gen.Int[1, 30]
        from backs in Gen.Int[0, 4].Array[count]
        select Repeat(count, backs);

    [Fact]
    public void Add_EveryLineOnce_GivesThemAll() => Assert.Equal(["a1", "a2", "a3"], Read(1, 2, 3));

    [Fact]
    public void Add_RepeatedLines_CountOnce() => SequencesWithRepeats.Sample(sequences =>
        Assert.Equal(Enumerable.Range(1, sequences.Max()).Select(n => $"a{n}"), Read(sequences)));

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var sample = SequencesWithRepeats.Array[5_000].Single();

        Assert.Contains(sample, s => s.Length == s.Max());
        Assert.Contains(sample, s => s.Length > s.Max() + 3);
        Assert.Contains(sample, s => s[^1] < s.Max());
        Assert.Contains(sample, s => s.Max() == 1);
    }

    [Fact]
    public void Add_AnyLineRemoved_IsDamageUnlessItWasTheLast() => Gen.Select(Gen.Int[2, 20], Gen.Int[0, 1000]).Sample((count, pick) =>
    {
        var missing = 1 + (pick % (count - 1));
        var fault = Assert.Throws<JournalDamagedException>(() => Read([.. Enumerable.Range(1, count).Where(n => n != missing)]));

        Assert.Equal((Stream, missing), (fault.Key, fault.Position));
        Assert.Contains("lines are missing", fault.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void Add_AnotherEntryUnderATakenNumber_IsDamage()
    {
        var lines = new StreamLines(Stream, 4);
        Add(lines, JournalLine.Header(Stream), 0);
        Add(lines, Line(1, "a1"), 1);

        var fault = Assert.Throws<JournalDamagedException>(() => Add(lines, Line(1, "other"), 2));

        Assert.Equal(2, fault.Position);
    }

    [Fact]
    public void Add_FormatsMixed_IsDamage()
    {
        var lines = new StreamLines(Stream, 4);
        Add(lines, JournalLine.Header(Stream), 0);
        Add(lines, Line(1, "a1"), 1);

        Assert.Throws<JournalDamagedException>(() => Add(lines, JournalLine.WithChecksum("1 V a1 0 - 0 0 0 0"), 2));
    }

    [Fact]
    public void Add_PreviousFormat_IsReadWithoutNumbers()
    {
        var lines = new StreamLines(Stream, 4);
        Add(lines, JournalLine.WithChecksum("1 H acme lease-1"), 0);
        Add(lines, JournalLine.WithChecksum("1 I a1 0 - 0 5 0 0"), 1);
        Add(lines, JournalLine.WithChecksum("1 V a1 0 - 0 0 0 0"), 2);

        Assert.Equal([JournalEntryKind.Intent, JournalEntryKind.Void], lines.ToContents().Entries.Select(e => e.Kind));
    }

    private static int[] Repeat(int count, int[] backs)
    {
        var sequences = new List<int>();
        for (var next = 1; next <= count; next++)
        {
            sequences.Add(next);
            for (var again = next - backs[next - 1] + 1; again <= next && backs[next - 1] > 0; again++)
                sequences.Add(Math.Max(1, again));
        }

        // A command that was given up on may arrive after everything else.
        if (backs[0] > 1)
            sequences.Add(1);
        return [.. sequences];
    }

    private static IEnumerable<string> Read(params int[] sequences)
    {
        var lines = new StreamLines(Stream, 64);
        Add(lines, JournalLine.Header(Stream), 0);
        for (var i = 0; i < sequences.Length; i++)
            Add(lines, Line(sequences[i], $"a{sequences[i]}"), i + 1);
        return lines.ToContents().Entries.Select(entry => entry.AttemptId);
    }

    private static void Add(StreamLines lines, string line, long position) => lines.Add(Encoding.UTF8.GetBytes(line), position);

    private static string Line(long sequence, string attempt)
    {
        var entry = new JournalEntry { Kind = JournalEntryKind.Intent, AttemptId = attempt, At = DateTimeOffset.UnixEpoch, UpperNanos = 9 };
        var buffer = new byte[JournalLine.MaxBytes(entry)];
        return Encoding.ASCII.GetString(buffer, 0, JournalLine.Encode(entry, sequence, buffer));
    }
}
