using System.Collections.Immutable;
using Cascade.Datasets;
using Xunit;

namespace Cascade.Tests.Datasets;

public sealed class OutcomeMappingTests : IDisposable
{
    private readonly DatasetFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task ReadAsync_MappedColumns_AreTaken()
    {
        var path = _files.Put("x.csv", "id;who;points;total;price;ms;conf;n\nq;m;80;0.03;0.01;250;;7\n");
        var source = OutcomeSource.Of(path) with
        {
            Separator = ';',
            Mapping = new OutcomeMapping
            {
                QueryId = "id",
                Model = "who",
                Quality = "points",
                QualityScale = 100,
                CostUsd = "price",
                CostWithJudgeUsd = "total",
                LatencyMilliseconds = "ms",
                Signals = [new SignalColumn("confidence", "conf") { Blank = double.NegativeInfinity }],
                Features = ["n"],
            },
        };
        var table = (await DatasetFiles.ReadAsync(source)).Table;

        Assert.Equal(0.8, table.Quality(0)[0], 12);
        Assert.Equal(0.01, table.CostUsd(0)[0], 12);
        Assert.Equal(0.02, table.JudgeCostUsd(0)[0], 12);
        Assert.Equal(0.25, table.LatencySeconds(0)[0], 12);
        Assert.Equal(double.NegativeInfinity, table.Signal(0, 0)[0]);
        Assert.Equal(7, table.Feature(0)[0]);
    }

    [Fact]
    public async Task ReadAsync_MappedColumnsThatDoNotExist_AreAllNamed()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality\nq,m,1\n")) with
        {
            Mapping = new OutcomeMapping { CostUsd = "price", Task = "kind", Signals = [new SignalColumn("s", "conf")] },
            Filters = [RowFilter.Parse("dataset=mmlu")],
            Texts = new QueryTexts(_files.Put("t.csv", "query_id\nq\n")),
        };
        var problems = await DatasetFiles.ProblemsAsync(source);

        Assert.Equal(
            ["x.csv, column 'kind'", "x.csv, column 'dataset'", "x.csv, column 'price'", "x.csv, column 'conf'", "t.csv, column 'text'"],
            problems.Select(problem => problem[..problem.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task ReadAsync_QualityALittleBelowZero_CountsAsZeroWhenTheMappingSaysSo()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality\nq1,m,-0.03\nq2,m,1\n"));
        var (table, report) = await DatasetFiles.ReadAsync(source with { Mapping = new OutcomeMapping { LowestQuality = -0.1 } });

        Assert.Equal([0, 1], table.Quality(0).ToArray());
        Assert.Equal(1, report.Files[0].QualitiesRaised);
        Assert.Single(await DatasetFiles.ProblemsAsync(source));
    }

    [Fact]
    public async Task ReadAsync_CostTogetherBelowCost_IsAProblem()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality,cost_usd,both\nq,m,1,2,1\n")) with
        {
            Mapping = new OutcomeMapping { CostWithJudgeUsd = "both" },
        };

        Assert.StartsWith("x.csv, line 2, column 'both': 1 is below the cost of the call, 2", Assert.Single(await DatasetFiles.ProblemsAsync(source)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_FiltersAndModels_CountWhatTheyLeaveOut()
    {
        var path = _files.Put("x.csv", "query_id,model,quality,dataset\nq1,a,1,x\nq1,b,1,x\nq1,c,1,x\nq2,a,1,y\nq3,a,1,z\n");
        var source = OutcomeSource.Of(path) with { Filters = [RowFilter.Parse("dataset=x|z"), RowFilter.Parse("dataset!=z")], Models = ["b", "a"] };
        var (table, report) = await DatasetFiles.ReadAsync(source);

        Assert.Equal(["a", "b"], table.Models);
        var file = report.Files[0];
        Assert.Equal((5, 2, 2, 1), (file.RowsRead, file.RowsTaken, file.RowsFiltered, file.RowsOfOtherModels));
        Assert.Equal([new("a", 1), new("b", 1)], report.Outcomes);
    }

    [Fact]
    public async Task ReadAsync_ModelWithoutOutcome_IsAProblemThatNamesTheOthers()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality\nq,small,1\n")) with { Models = ["small", "large"] };

        Assert.Equal("x.csv: model 'large' has no outcome; the models are: small", Assert.Single(await DatasetFiles.ProblemsAsync(source)));
    }

    [Fact]
    public async Task ReadAsync_Prices_FillMissingCostsOnly()
    {
        var path = _files.Put("x.csv", "query_id,model,quality,cost_usd,input_tokens,output_tokens\nq,a,1,0.5,,\nq,b,1,,1000,100\nq,c,1,,,\n");
        var source = OutcomeSource.Of(path) with
        {
            Prices = ImmutableDictionary<string, ModelPrice>.Empty.Add("a", new ModelPrice(9)).Add("b", new ModelPrice(0.1, 2, 10)).Add("c", new ModelPrice(0.2)),
            JudgeCosts = ImmutableDictionary<string, double>.Empty.Add("c", 0.05),
        };
        var table = (await DatasetFiles.ReadAsync(source)).Table;

        Assert.Equal([0.5, 0.1 + 0.002 + 0.001, 0.2], Enumerable.Range(0, 3).Select(m => table.CostUsd(m)[0]));
        Assert.Equal([0, 0, 0.05], Enumerable.Range(0, 3).Select(m => table.JudgeCostUsd(m)[0]));
    }

    [Fact]
    public async Task ReadAsync_PriceOfTokensWithoutTokens_IsAProblem()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality\nq,m,1\n")) with
        {
            Prices = ImmutableDictionary<string, ModelPrice>.Empty.Add("m", new ModelPrice(0, 1)),
        };

        Assert.Contains("the price of 'm' needs tokens", Assert.Single(await DatasetFiles.ProblemsAsync(source)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Texts_AreJoinedAndCounted()
    {
        var source = OutcomeSource.Of(_files.Put("x.csv", "query_id,model,quality\nq1,m,1\nq2,m,1\n")) with
        {
            Texts = new QueryTexts(_files.Put("t.jsonl", "{\"query_id\":\"q1\",\"question\":\"Why?\"}\n{\"query_id\":\"q9\",\"question\":\"Who?\"}\n")) { TextColumn = "question" },
        };
        var (table, report) = await DatasetFiles.ReadAsync(source);

        Assert.Equal(["Why?", null], table.Queries.Select(query => query.Text));
        Assert.Equal((1, 1, 1), (report.QueriesWithoutText, report.Texts!.RowsTaken, report.Texts.RowsFiltered));
    }

    [Fact]
    public async Task ReadAsync_Agreement_ComparesWithThePartnerAndPaysIt()
    {
        var path = _files.Put(
            "x.csv",
            "query_id,model,quality,cost_usd,answer\nq1,big,1,1,\"1,000\"\nq2,big,1,1,Paris\nq3,big,0,1,5\nq4,big,1,1,5\n"
            + "q1,cheap,1,0.1,$1000.\nq2,cheap,1,0.2,paris \nq3,cheap,1,0.3,\n");
        var source = OutcomeSource.Of(path) with { Models = ["big"], Agreement = new AgreementSignal("agreement", "answer", "cheap") };
        var table = (await DatasetFiles.ReadAsync(source)).Table;

        Assert.Equal(["big"], table.Models);
        Assert.Equal([1, 1, 0, double.NaN], table.Signal(0, 0).ToArray());
        Assert.Equal([0.1, 0.2, 0.3, 0], table.JudgeCostUsd(0).ToArray());
    }

    [Fact]
    public async Task ReadAsync_NestedJsonWithAPatternPerModel_IsWide()
    {
        var path = _files.Put(
            "rows.jsonl",
            "{\"arms\":{\"a/1\":{\"reward\":0.5,\"cost\":1},\"b\":{\"reward\":1,\"cost\":2}}}\n{\"arms\":{\"b\":{\"reward\":0,\"cost\":3},\"c\":{\"reward\":1,\"cost\":4}}}\n");
        var source = OutcomeSource.Of(path) with
        {
            Mapping = new OutcomeMapping { QueryId = OutcomeMapping.None, Quality = "arms.{model}.reward", CostUsd = "arms.{model}.cost" },
        };
        var table = (await DatasetFiles.ReadAsync(source)).Table;

        Assert.Equal(["rows#1", "rows#2"], table.Queries.Select(query => query.Id));
        Assert.Equal(["a/1", "b", "c"], table.Models);
        Assert.Equal([2, 3], table.CostUsd(1).ToArray());
        Assert.Equal([double.NaN, 1], table.Quality(2).ToArray());
    }

    [Fact]
    public async Task ReadAsync_SeveralFiles_AreOneTableWithTheirSplits()
    {
        OutcomeFile[] files =
        [
            new(_files.Put("a.csv", "query_id,model,quality\nq1,m,1\n")) { Split = "train", Task = "maths" },
            new(_files.Put("b.jsonl", "{\"query_id\":\"q2\",\"model\":\"m\",\"quality\":0}")) { Split = "test" },
        ];
        var (table, report) = await DatasetFiles.ReadAsync(new OutcomeSource { Files = [.. files] });

        Assert.Equal(["train", "test"], table.Queries.Select(query => query.PublishedSplit));
        Assert.Equal(["maths", null], table.Queries.Select(query => query.Task));
        Assert.Equal(2, report.Files.Length);
        Assert.NotEqual(report.Files[0].Sha256, report.Files[1].Sha256);
    }

    [Theory]
    [InlineData("mmlu")]
    [InlineData("=x")]
    [InlineData("!=x")]
    public void Parse_NotAFilter_SaysHowToWriteOne(string text) =>
        Assert.Contains("write COLUMN=VALUE", Assert.Throws<FormatException>(() => RowFilter.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a=b")]
    [InlineData("a=b|c")]
    [InlineData("a!=b=c")]
    [InlineData("a=")]
    public void Parse_Filter_RoundTrips(string text) => Assert.Equal(text, RowFilter.Parse(text).ToString());
}
