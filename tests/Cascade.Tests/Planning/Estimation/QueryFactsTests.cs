using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;
using Xunit;

namespace Cascade.Tests.Planning.Estimation;

public sealed class QueryFactsTests
{
    [Fact]
    public void Of_TableWithoutModels_SaysSo()
    {
        var builder = new OutcomeTableBuilder();
        builder.Describe(new OutcomeQuery { Id = "q" }, []);
        var table = builder.Build();

        var problem = Assert.Throws<ArgumentException>(() => { QueryFacts.Of(table, 0); });

        Assert.Contains("has no model", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Of_NoSuchRow_SaysSo(int row)
    {
        var builder = new OutcomeTableBuilder();
        builder.Add(new OutcomeRecord { QueryId = "q", Model = "m", Quality = 1, CostUsd = 1, InputTokens = 7 });
        var table = builder.Build();

        Assert.Equal("row", Assert.Throws<ArgumentOutOfRangeException>(() => { QueryFacts.Of(table, row); }).ParamName);
        Assert.Equal(7, QueryFacts.Of(table, 0).InputTokens);
    }
}
