using Cascade.Planning.Fitting;
using Cascade.Planning.Outcomes;
using Xunit;

namespace Cascade.Tests.Evaluation;

public sealed class ModelShortlistTests
{
    [Fact]
    public void Of_NoMoreThanAskedFor_IsAll() => Assert.Equal([0, 1, 2], ModelShortlist.Of(Table((1, 0.5), (2, 0.4), (3, 0.9)), 3));

    [Fact]
    public void Of_OutdoneModels_ComeAfterTheOthers()
    {
        var table = Table((1, 0.5), (2, 0.4), (3, 0.9), (4, 0.3), (1, 0.45));

        Assert.Equal([0, 2], ModelShortlist.Of(table, 2));
        Assert.Equal([0, 2, 4], ModelShortlist.Of(table, 3));
    }

    [Fact]
    public void Of_LayerTooLarge_KeepsItsEndsAndWhatAddsMost()
    {
        var table = Table((1, 0.2), (2, 0.21), (4, 0.7), (8, 0.71), (16, 0.9));

        Assert.Equal([0, 2, 4], ModelShortlist.Of(table, 3));
        Assert.Equal([0, 4], ModelShortlist.Of(table, 2));
    }

    [Fact]
    public void Of_OneLeftToTakeOfTwo_IsTheBetter()
    {
        var table = Table((1, 0.5), (3, 0.9), (1, 0.4), (4, 0.8));

        Assert.Equal([0, 1, 3], ModelShortlist.Of(table, 3));
    }

    [Fact]
    public void Of_FreeModels_AreTaken() => Assert.Equal([1, 2], ModelShortlist.Of(Table((0, 0.2), (0, 0.4), (1, 0.9)), 2));

    [Fact]
    public void Of_FewerThanTwo_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => ModelShortlist.Of(Table((1, 0.5)), 1));

    private static OutcomeTable Table(params (double CostUsd, double Quality)[] models)
    {
        var builder = new OutcomeTableBuilder();
        for (var m = 0; m < models.Length; m++)
        {
            builder.Add(new OutcomeRecord { QueryId = "q", Model = $"m{m}", Quality = models[m].Quality, CostUsd = models[m].CostUsd });
        }

        return builder.Build();
    }
}
