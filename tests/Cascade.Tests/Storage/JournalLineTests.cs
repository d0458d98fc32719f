using System.Text;

using Cascade.Storage.Journal;

using CsCheck;

using Xunit;

namespace Cascade.Tests.Storage;

public sealed class JournalLineTests
{
    private static readonly JournalKey Stream = new("acme/search", "lease-7");

    private static readonly Gen<JournalEntry> Entries =
        from kind in Gen.Enum<JournalEntryKind>().Where(kind => kind != JournalEntryKind.None)
        from attempt in Gen.String[1, 40]
        from endpoint in Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char["abc /%{}=-ü\n"], 1, 30])
        from ticks in Gen.Long[0, DateTimeOffset.MaxValue.UtcTicks]
        from lower in Gen.Frequency((1, Gen.Const(0L)), (4, Gen.Long[0, 1_000_000]), (1, Gen.Const(long.MaxValue)))
        from extra in Gen.Long[0, 1_000_000]
        from input in Gen.Long[0, long.MaxValue]
        from output in Gen.Long[0, 10]
        from purpose in Gen.OneOf(Gen.Const(""), Gen.Const("judge"), Gen.String[Gen.Char["a %-=é"], 1, 12])
        from cached in Gen.Long[0, 3]
        from reasoning in Gen.Long[0, long.MaxValue]
        select new JournalEntry
        {
            Kind = kind,
            AttemptId = attempt,
            At = new DateTimeOffset(ticks, TimeSpan.Zero),
            Endpoint = endpoint,
            LowerNanos = lower,
            UpperNanos = lower > long.MaxValue - extra ? long.MaxValue : lower + extra,
            InputTokens = input,
            OutputTokens = output,
            Purpose = purpose,
            CachedTokens = cached,
            ReasoningTokens = reasoning,
        };

    private static readonly Gen<long> Sequences = Gen.OneOf(Gen.Const(1L), Gen.Long[1, long.MaxValue], Gen.Const(long.MaxValue));

    [Fact]
    public void Format_V2_IsWhatTheGoldenFileSays()
    {
        var golden = Golden("usage-journal-v2.txt");

        Assert.Equal(golden.AsEnumerable(), [JournalLine.Header(Stream), .. GoldenEntries().Select((entry, i) => Line(entry, i + 1))]);
        CheckHeader(golden[0]);
        Assert.Equal(
            GoldenEntries().Select((entry, i) => new NumberedEntry(i + 1, entry)),
            golden.Skip(1).Select((line, i) => Read(line, i + 1)));
    }

    [Fact]
    public void Format_V1_IsStillRead()
    {
        var golden = Golden("usage-journal-v1.txt");

        CheckHeader(golden[0]);
        Assert.Equal(
            GoldenEntries().Select(e => new NumberedEntry(0, e with { Purpose = "", CachedTokens = 0, ReasoningTokens = 0 })),
            golden.Skip(1).Select((line, i) => Read(line, i + 1)));
    }

    [Fact]
    public void Decode_EncodedEntry_GivesItBack() => Gen.Select(Entries.Where(IsText), Sequences).Sample((entry, sequence) =>
        Assert.Equal(new NumberedEntry(sequence, entry), Read(Line(entry, sequence), 1)));

    [Fact]
    public void Encode_AnyEntry_IsOneLineOfFourteenFieldsWithinItsBound() => Entries.Where(IsText).Sample(entry =>
    {
        var line = Line(entry, long.MaxValue);
        Assert.Equal(14, line.Split(' ').Length);
        Assert.DoesNotContain('\n', line);
        Assert.True(line.All(char.IsAscii), line);
    });

    [Fact]
    public void Encode_LongestNames_FitTheBound()
    {
        var name = new string('€', JournalLine.MaxNameLength);
        var entry = GoldenEntries()[0] with
        {
            AttemptId = name,
            Endpoint = name,
            Purpose = name,
            At = DateTimeOffset.MaxValue,
            LowerNanos = long.MaxValue,
            UpperNanos = long.MaxValue,
            InputTokens = long.MaxValue,
            OutputTokens = long.MaxValue,
        };

        Assert.Equal(entry, Read(Line(entry, long.MaxValue), 1).Entry);
    }

    [Fact]
    public void Encode_AnyText_EscapesAsUriDoes() => Gen.String[0, 20].Sample(text =>
    {
        var line = Line(GoldenEntries()[0] with { AttemptId = $"a{text}" }, 1);
        Assert.Equal(Uri.EscapeDataString($"a{text}"), line.Split(' ')[3]);
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var sample = Entries.Where(IsText).Array[500].Single();

        Assert.Equal(4, sample.Select(e => e.Kind).Distinct().Count());
        Assert.Contains(sample, e => e.Endpoint.Length == 0);
        Assert.Contains(sample, e => e.Endpoint.Contains(' ', StringComparison.Ordinal));
        Assert.Contains(sample, e => e.Endpoint.Contains('%', StringComparison.Ordinal));
        Assert.Contains(sample, e => e.LowerNanos == 0);
        Assert.Contains(sample, e => e.UpperNanos == long.MaxValue);
        Assert.Contains(sample, e => e.AttemptId.Any(c => !char.IsAscii(c) || c == ' '));
    }

    [Fact]
    public void Decode_AnyOneCharacterChanged_IsDamage()
    {
        var line = Line(GoldenEntries()[0], 12);
        for (var i = 0; i < line.Length; i++)
        {
            var changed = string.Concat(line.AsSpan(0, i), line[i] == '7' ? "8" : "7", line.AsSpan(i + 1));
            var fault = Assert.Throws<JournalDamagedException>(() => Read(changed, 41));
            Assert.Equal((Stream, 41), (fault.Key, fault.Position));
        }
    }

    [Theory]
    [InlineData("3 I 1 a 0 - - 0 0 0 0 0 0", "version is '3'")]
    [InlineData("2 X 1 a 0 - - 0 0 0 0 0 0", "kind 'X'")]
    [InlineData("2 I 1 a 0 - - 0 0 0 0 0", "13 fields, not 14")]
    [InlineData("2 I 0 a 0 - - 0 0 0 0 0 0", "sequence number is 0")]
    [InlineData("2 I -1 a 0 - - 0 0 0 0 0 0", "'-1' is not a number")]
    [InlineData("2 I 1 a 0 x - 0 0 0 0 0 0", "endpoint")]
    [InlineData("2 I 1 a 0 = - 0 0 0 0 0 0", "endpoint")]
    [InlineData("2 I 1 a 0 - x 0 0 0 0 0 0", "purpose")]
    [InlineData("2 I 1 a 0 - - -1 0 0 0 0 0", "'-1' is not a number")]
    [InlineData("2 I 1 a 0 - - 0 9223372036854775808 0 0 0 0", "is not a number")]
    [InlineData("2 I 1 a 3155378976000000000 - - 0 0 0 0 0 0", "is not a number")]
    [InlineData("1 X a 0 - 0 0 0 0", "kind 'X'")]
    [InlineData("1 I a 0 - 0 0 0", "9 fields, not 10")]
    [InlineData("1 I a 0 x 0 0 0 0", "endpoint")]
    public void Decode_WellSummedButWrong_SaysWhatIsWrong(string body, string expected)
    {
        var fault = Assert.Throws<JournalDamagedException>(() => Read(JournalLine.WithChecksum(body), 3));

        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
    }

    /// <summary>One reader keeps texts of lines that it has read; each line gets its own nevertheless.</summary>
    [Fact]
    public void Read_ManyLinesWithOneReader_GivesEachItsOwnTexts() => Entries.Where(IsText).Array[20, 60].Sample(entries =>
    {
        var reader = new JournalLineReader(Stream);
        Assert.Equal(entries, entries.Select((entry, i) => reader.Read(Encoding.ASCII.GetBytes(Line(entry, i + 1)), i + 1).Entry));
    });

    [Fact]
    public void CheckHeader_OfAnotherStream_IsDamage() => Assert.Throws<JournalDamagedException>(
        () => CheckHeader(JournalLine.Header(Stream with { LeaseId = "lease-8" })));

    [Fact]
    public void CheckHeader_EntryInItsPlace_IsDamage() => Assert.Throws<JournalDamagedException>(
        () => CheckHeader(Line(GoldenEntries()[0], 1)));

    [Fact]
    public void Check_NotAnEntry_IsABug()
    {
        var entry = GoldenEntries()[0];

        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { Kind = JournalEntryKind.None }));
        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { AttemptId = "" }));
        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { AttemptId = new string('a', 257) }));
        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { LowerNanos = -1 }));
        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { Purpose = new string('a', 257) }));
        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { CachedTokens = -1 }));
        Assert.ThrowsAny<ArgumentException>(() => JournalLine.Check(entry with { LowerNanos = entry.UpperNanos + 1 }));
    }

    // Half of a surrogate pair is not text; no id of ours can hold one.
    private static bool IsText(JournalEntry entry) => !entry.AttemptId.Any(char.IsSurrogate);

    private static string Line(JournalEntry entry, long sequence)
    {
        var buffer = new byte[JournalLine.MaxBytes(entry)];
        return Encoding.ASCII.GetString(buffer, 0, JournalLine.Encode(entry, sequence, buffer));
    }

    private static NumberedEntry Read(string line, long position) => new JournalLineReader(Stream).Read(Encoding.UTF8.GetBytes(line), position);

    private static void CheckHeader(string line) => new JournalLineReader(Stream).CheckHeader(Encoding.UTF8.GetBytes(line));

    private static string[] Golden(string name) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Storage", "Golden", name));

    private static JournalEntry[] GoldenEntries()
    {
        var intent = new JournalEntry
        {
            Kind = JournalEntryKind.Intent,
            AttemptId = "req 1/0",
            At = new DateTimeOffset(2026, 3, 1, 12, 30, 15, TimeSpan.Zero),
            Endpoint = "openai/gpt-4o-mini@eastus",
            Purpose = "draft",
            LowerNanos = 1_200,
            UpperNanos = 250_000,
        };
        return
        [
            intent,
            intent with
            {
                Kind = JournalEntryKind.Settle, Endpoint = "", Purpose = "", LowerNanos = 40_000, UpperNanos = 40_000,
                InputTokens = 120, OutputTokens = 36, CachedTokens = 64, ReasoningTokens = 20,
            },
            intent with { Kind = JournalEntryKind.Void, Endpoint = "", Purpose = "", LowerNanos = 0, UpperNanos = 0 },
            intent with { Kind = JournalEntryKind.Unconfirmed, Endpoint = "", Purpose = "" },
        ];
    }
}
