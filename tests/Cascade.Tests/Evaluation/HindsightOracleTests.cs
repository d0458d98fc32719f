using Cascade.Planning.Evaluation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;
using Cascade.TestKit.Planning;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class HindsightOracleTests
{
    private static readonly OutcomeTable Table = new SyntheticOutcomes { Models = 4, Queries = 300 }.Build();

    [Fact]
    public void Of_EveryPrice_IsTheSumOfTheBestPerRow()
    {
        var frontier = CostFrontier.Of(HindsightOracle.Of(Table, 100_000).AsSpan());
        for (var price = 1.0; price < 1e7; price *= 1.7)
        {
            var best = Enumerable.Range(0, Table.RowCount)
                .Average(row => Enumerable.Range(0, Table.ModelCount).Max(m => Table.Quality(m)[row] - (price * Table.CostUsd(m)[row])));
            var at = frontier.AtPrice(price);
            Assert.Equal(best, at.Quality - (price * at.CostUsd), 1e-9);
        }
    }

    [Fact]
    public void Of_FewerPointsAskedFor_KeepsTheEnds()
    {
        var all = HindsightOracle.Of(Table, 100_000);
        var few = HindsightOracle.Of(Table, 10);

        Assert.Equal(10, few.Length);
        Assert.Equal((all[0].CostUsd, all[0].Quality), (few[0].CostUsd, few[0].Quality));
        Assert.Equal((all[^1].CostUsd, all[^1].Quality), (few[^1].CostUsd, few[^1].Quality));
    }

    [Fact]
    public void Of_NoRow_SaysSo() =>
        Assert.Throws<ArgumentException>(() => HindsightOracle.Of(Table.Select([0], []), 10));
}
