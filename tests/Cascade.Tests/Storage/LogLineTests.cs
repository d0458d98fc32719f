using Cascade.Storage.Ledger;

using CsCheck;

using Xunit;

namespace Cascade.Tests.Storage;

public sealed class LogLineTests
{
    private static readonly Gen<string> Texts = Gen.String[Gen.Char["abc =%{}ü€ 19-"], 1, 40].Where(text => text.Trim().Length > 0);

    [Fact]
    public void Format_V1_IsWhatTheGoldenFileSays()
    {
        var golden = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Storage", "Golden", "ledger-log-v1.txt"));

        Assert.Equal(golden.AsEnumerable(), [LogLine.Encode(1, "first ü"), LogLine.Encode(4_097, "kind=1 amount=25")]);
        Assert.Equal(new LogEntry(4_097, "kind=1 amount=25"), LogLine.Decode(golden[1], "acme", 4_097));
    }

    [Fact]
    public void Decode_EncodedText_GivesItBack() => Gen.Select(Texts, Gen.Long[1, long.MaxValue]).Sample((text, sequence) =>
        Assert.Equal(new LogEntry(sequence, text), LogLine.Decode(LogLine.Encode(sequence, text), "acme", sequence)));

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var sample = Texts.Array[500].Single();

        Assert.Contains(sample, text => text.StartsWith(' '));
        Assert.Contains(sample, text => text.EndsWith(' '));
        Assert.Contains(sample, text => text.Any(c => !char.IsAscii(c)));
        Assert.Contains(sample, text => !text.Contains(' ', StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_AnyOneCharacterChanged_IsDamage()
    {
        var line = LogLine.Encode(12, "kind=1 amount=25");
        for (var i = 0; i < line.Length; i++)
        {
            var changed = string.Concat(line.AsSpan(0, i), line[i] == '7' ? "8" : "7", line.AsSpan(i + 1));
            var fault = Assert.Throws<LedgerLogDamagedException>(() => LogLine.Decode(changed, "acme", 12));
            Assert.Equal(("acme", 12), (fault.Account, fault.Sequence));
        }
    }

    [Fact]
    public void Decode_InAnotherPlace_IsDamage() => Assert.Throws<LedgerLogDamagedException>(
        () => LogLine.Decode(LogLine.Encode(12, "kind=1"), "acme", 13));
}
