using System.Collections.Immutable;
using System.Text;
using Cascade.Datasets;
using Xunit;

namespace Cascade.Tests.Datasets;

/// <summary>Whatever is wrong is named with its place and its repair, all of it at once.</summary>
public sealed class OutcomeProblemsTests : IDisposable
{
    private readonly DatasetFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("q1,small,0.5,abc", "x.csv, line 2, column 'cost_usd': 'abc' is not an amount of dollars; give a number")]
    [InlineData("q1,small,0.5,-1", "x.csv, line 2, column 'cost_usd': '-1' is not an amount of dollars; give a number from 0")]
    [InlineData("q1,small,0.5,NaN", "x.csv, line 2, column 'cost_usd': 'NaN' is not an amount of dollars; give a number")]
    [InlineData("q1,small,0.5,1e60", "x.csv, line 2, column 'cost_usd': '1e60' is not an amount of dollars; give a number from 0 to 1E+50")]
    [InlineData("q1,small,NaN,1", "x.csv, line 2, column 'quality': 'NaN' is not a number; give a number")]
    [InlineData("q1,small,85,1", "x.csv, line 2, column 'quality': '85' is outside 0 to 1; give the share")]
    [InlineData("q1,small,,1", "x.csv, line 2, column 'quality': is blank; give the quality")]
    [InlineData("q1,,1,1", "x.csv, line 2, column 'model': is blank; name the model")]
    [InlineData(",small,1,1", "x.csv, line 2, column 'query_id': is blank; give each query an id")]
    [InlineData("q1,small,1,1\nq1,small,1,1", "x.csv, line 3: query 'q1' already has an outcome of 'small', in x.csv at line 2; keep one of them")]
    [InlineData("q1,small,1", "x.csv, line 2: has 3 cells where the header has 4; give one per column")]
    [InlineData("q1,sm\"all,1,1", "x.csv, line 2: cell 2 has a quote but does not begin with one; put the cell in quotes")]
    [InlineData("\n\nq1,\"small\"x,1,1", "x.csv, line 4: cell 2 goes on after its closing quote; double quotes")]
    [InlineData("q1,\"small,1,1\n2", "x.csv, line 2: a quote is opened here and never closed; close it")]
    public async Task ReadAsync_WrongRow_NamesPlaceAndRepair(string rows, string expected)
    {
        var problems = await DatasetFiles.ProblemsAsync(OutcomeSource.Of(_files.Put("x.csv", $"query_id,model,quality,cost_usd\n{rows}\n")));

        Assert.StartsWith(expected, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "x: is empty; give a header and rows")]
    [InlineData("query_id,model,quality\n", "x: no outcome was taken; give rows")]
    [InlineData("query_id,model,score\nq,m,1\n", "x, column 'quality': does not exist; map it to one of: query_id, model, score")]
    [InlineData("id,quality,quality\nq,m,1\n", "x: has two columns 'quality'; rename one")]
    [InlineData("[1]\n", "x, column 'query_id': does not exist")]
    [InlineData("{\"query_id\":1,\"query_id\":2}", "x, line 1: has two values 'query_id'; keep one")]
    [InlineData("{\"query_id\":[1],\"model\":\"m\",\"quality\":1}", "x, line 1, column 'query_id': is a list; give one value")]
    [InlineData("{\"query_id\":1,\"model\":\"m\",\"quality\":\"good\"}", "x, line 1, column 'quality': 'good' is not a number")]
    [InlineData("{\"query_id\":\"\\ud800\",\"model\":\"m\",\"quality\":1}", "x, line 1: has text that is not Unicode")]
    [InlineData("{\"query_id\":1,\"model\":\"m\",\"quality\":1", "x, line 1: is not JSON at byte")]
    [InlineData("{} {}", "x, line 1: is not JSON at byte")]
    [InlineData("PAR1, is not enough", "x, row 1: cannot be read as Parquet")]
    public async Task ReadAsync_WrongFile_NamesWhatIsWrong(string content, string expected)
    {
        var problems = await DatasetFiles.ProblemsAsync(OutcomeSource.Of(_files.Put("x", content)));

        Assert.StartsWith(expected, problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_SeveralProblems_AreReportedTogetherAndCounted()
    {
        var text = new StringBuilder("query_id,model,quality,cost_usd\n");
        for (var i = 0; i < 130; i++)
        {
            text.Append("q,m,2,-1\n");
        }

        var source = OutcomeSource.Of(_files.Put("x.csv", text.ToString()), Path.Combine("no", "such", "file.csv"));
        var exception = await Assert.ThrowsAsync<OutcomeFileException>(() => DatasetFiles.ReadAsync(source));

        Assert.Equal((100, 31), (exception.Problems.Length, exception.More));
        Assert.EndsWith("and 31 more", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_CutGzip_SaysSo()
    {
        var rows = string.Concat(Enumerable.Range(0, 5000).Select(i => $"q{i},m{i * 7919 % 13},0.{i}\n"));
        var zipped = DatasetFiles.Zip(Encoding.UTF8.GetBytes("query_id,model,quality\n" + rows));
        foreach (var length in new[] { zipped.Length / 2, zipped.Length - 9, zipped.Length - 8, zipped.Length - 1 })
        {
            var problems = await DatasetFiles.ProblemsAsync(OutcomeSource.Of(_files.Put("x.csv.gz", zipped[..length])));

            Assert.Contains("is damaged or cut off", problems[^1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_SeveralGzipMembers_AreReadOneAfterTheOther()
    {
        byte[] members = [.. DatasetFiles.Zip("query_id,model,quality\nq1,"u8.ToArray()), .. DatasetFiles.Zip("m,1\nq2,m,0"u8.ToArray())];

        Assert.Equal(2, (await DatasetFiles.ReadAsync(OutcomeSource.Of(_files.Put("x", members)))).Table.RowCount);
    }

    [Fact]
    public async Task ReadAsync_OtherEncodings_AreNamed()
    {
        var utf16 = await DatasetFiles.ProblemsAsync(OutcomeSource.Of(_files.Put("x.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("query_id")])));
        var latin1 = await DatasetFiles.ProblemsAsync(OutcomeSource.Of(_files.Put("y.csv", Encoding.Latin1.GetBytes("query_id,model,quality\nécole,m,1\n"))));

        Assert.Equal("x.csv: is UTF-16; save it as UTF-8", Assert.Single(utf16));
        Assert.Equal("y.csv, line 2, column 'query_id': is not UTF-8; save the file as UTF-8", Assert.Single(latin1));
    }

    [Fact]
    public async Task ReadAsync_RowsThatContradict_NameTheColumn()
    {
        var path = _files.Put("x.csv", "query_id,model,quality,task,feature:n\nq,a,1,maths,1\nq,b,1,trivia,2\n");
        var problems = await DatasetFiles.ProblemsAsync(OutcomeSource.Of(path));

        Assert.Equal(2, problems.Count);
        Assert.StartsWith("x.csv, line 3, column 'task': contradicts an earlier row of query 'q'", problems[0], StringComparison.Ordinal);
        Assert.StartsWith("x.csv, line 3, column 'feature:n': 2 contradicts", problems[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_LimitExceeded_NamesTheLimit()
    {
        var path = _files.Put("x.csv", "query_id,model,quality\nq1,m,1\nq2,m,1\n");
        (ReadOptions Options, string Limit)[] cases =
        [
            (new ReadOptions { MaxRows = 1 }, nameof(ReadOptions.MaxRows)),
            (new ReadOptions { MaxColumns = 2 }, nameof(ReadOptions.MaxColumns)),
            (new ReadOptions { MaxRecordBytes = 10 }, nameof(ReadOptions.MaxRecordBytes)),
            (new ReadOptions { MaxFileBytes = 10 }, nameof(ReadOptions.MaxFileBytes)),
            (new ReadOptions { MaxTableValues = 1 }, nameof(ReadOptions.MaxTableValues)),
        ];
        foreach (var (options, limit) in cases)
        {
            Assert.Contains(limit, Assert.Single(await DatasetFiles.ProblemsAsync(OutcomeSource.Of(path), options)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadAsync_WrongSource_IsReportedBeforeAnyFileIsOpened()
    {
        var source = new OutcomeSource
        {
            Files = [],
            Separator = '"',
            Mapping = new OutcomeMapping { QualityScale = 0, Signals = [new SignalColumn("s", "a"), new SignalColumn("s", "b")] },
            Prices = ImmutableDictionary<string, ModelPrice>.Empty.Add("m", new ModelPrice(-1)),
        };

        Assert.Equal(5, (await DatasetFiles.ProblemsAsync(source)).Count);
    }
}
