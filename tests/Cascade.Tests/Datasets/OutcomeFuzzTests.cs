using System.Text;
using Cascade.Datasets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Datasets;

/// <summary>Whatever a file holds, it is read or its problems are named; nothing comes out of the depths.</summary>
public sealed class OutcomeFuzzTests : IDisposable
{
    private static readonly ReadOptions Small = new() { MaxRecordBytes = 4096, MaxRows = 1000, MaxColumns = 40, MaxHeldBytes = 1 << 20, MaxTableValues = 100_000 };

    private static readonly Gen<byte[]> Noise = Gen.Byte.Array[0, 300];

    private static readonly Gen<byte[]> Tokens = OneOf(
            "query_id", "model", "quality", "cost_usd", "feature:x", "signal:s:m", "quality:m", ",", ",", ",", "\n", "\n", "\r\n", "\"", "\"\"", "1", "0", "-1",
            "NaN", "1e999", "{", "}", ":", "[", "]", "\"query_id\":\"q\"", "\"model\":\"m\"", "\"quality\":1", "null", "true", "\\ud800", "é", "\0", "PAR1")
        .Array[0, 60].Select(tokens => Encoding.UTF8.GetBytes(string.Concat(tokens)));

    private static readonly Gen<byte[]> Damaged = Gen.Select(
        OneOf("outcomes.csv", "outcomes.jsonl", "outcomes-wide.csv", "outcomes.parquet"),
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Byte, OneOf(Damage.Set, Damage.Insert, Damage.Remove, Damage.CutOff)).Array[0, 6],
        Gen.Bool,
        Gen.Int[0, 3],
        (name, edits, zipped, after) => Edit(File.ReadAllBytes(DatasetFiles.Golden(name)), edits, zipped, after == 0));

    private static readonly Gen<byte[]> Content = Gen.Frequency((1, Noise), (2, Tokens), (5, Damaged));

    private readonly DatasetFiles _files = new();
    private int _count;

    private enum Damage
    {
        Set,
        Insert,
        Remove,
        CutOff,
    }

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task ReadAsync_AnyBytes_ReadsOrNamesProblems() => await Content.SampleAsync(
        async content => Assert.NotEqual(Result.None, await TryAsync(content)), iter: 1500, threads: 1);

    [Fact]
    public async Task Generator_CoversTheInterestingCases()
    {
        var seen = new Dictionary<Result, int>();
        await Content.SampleAsync(
            async content =>
            {
                var result = await TryAsync(content);
                seen[result] = seen.GetValueOrDefault(result) + 1;
            },
            iter: 600,
            threads: 1);

        Assert.True(seen.GetValueOrDefault(Result.Read) > 50, $"{seen.GetValueOrDefault(Result.Read)} were readable");
        Assert.True(seen.GetValueOrDefault(Result.ProblemInRow) > 50, $"{seen.GetValueOrDefault(Result.ProblemInRow)} had a problem in a row");
        Assert.True(seen.GetValueOrDefault(Result.ProblemOfFile) > 50, $"{seen.GetValueOrDefault(Result.ProblemOfFile)} had a problem of the file");
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Edit(byte[] content, (int At, byte Value, Damage Kind)[] edits, bool zipped, bool afterZip)
    {
        var bytes = zipped && afterZip ? DatasetFiles.Zip(content) : content;
        foreach (var (at, value, kind) in edits)
        {
            var place = bytes.Length == 0 ? 0 : at % bytes.Length;
            bytes = kind switch
            {
                Damage.Set => [.. bytes[..place], value, .. bytes.Skip(place + 1)],
                Damage.Insert => [.. bytes[..place], value, .. bytes[place..]],
                Damage.Remove => [.. bytes[..place], .. bytes.Skip(place + 1)],
                _ when value < 32 => bytes[..place],
                _ => bytes,
            };
        }

        return zipped && !afterZip ? DatasetFiles.Zip(bytes) : bytes;
    }

    private async Task<Result> TryAsync(byte[] content)
    {
        var path = _files.Put($"x{Interlocked.Increment(ref _count) % 8}", content);
        try
        {
            var (table, report) = await OutcomeReader.ReadAsync(OutcomeSource.Of(path), Small, TestContext.Current.CancellationToken);
            Assert.True(table.RowCount > 0 && report.Outcomes.Sum(outcome => outcome.Value) > 0);
            return Result.Read;
        }
        catch (OutcomeFileException exception)
        {
            Assert.NotEmpty(exception.Problems);
            Assert.All(exception.Problems, problem => Assert.True(problem.Message.Length > 5 && !problem.ToString().Any(char.IsControl), problem.ToString()));
            return exception.Problems.Any(problem => (problem.Line ?? problem.Row) is not null) ? Result.ProblemInRow : Result.ProblemOfFile;
        }
    }

    private enum Result
    {
        None,
        Read,
        ProblemInRow,
        ProblemOfFile,
    }
}
