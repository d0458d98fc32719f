using Cascade.Cli.Outcomes;
using Cascade.Planning.Outcomes;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class SplitTextTests
{
    private static readonly (string Fit, string Report) Parts = ("train", "test");

    [Fact]
    public void Of_PublishedPartForFittingIsLarge_ReportsOnThePublishersPart()
    {
        var table = Table(train: 200, test: 200);

        var split = SplitText.Default.Of(table, Parts, 42);

        Assert.True(SplitText.Default.Follows(table, Parts));
        Assert.Null(SplitText.Default.NoteOn(table, Parts));
        Assert.Equal(200, split.Report.Length);
        Assert.All(split.Report, row => Assert.Equal("test", table.Queries[row].PublishedSplit));
    }

    [Fact]
    public void Of_PublishedPartForFittingIsSmall_DividesAllQueriesAndSaysSo()
    {
        var table = Table(train: 60, test: 340);

        var split = SplitText.Default.Of(table, Parts, 42);

        Assert.False(SplitText.Default.Follows(table, Parts));
        Assert.Contains("60 of 400 queries", SplitText.Default.NoteOn(table, Parts), StringComparison.Ordinal);
        Assert.InRange(split.Fit.Length, 120, 200);
        Assert.InRange(split.Choose.Length, 80, 160);
        Assert.Equal(400, split.Fit.Length + split.Choose.Length + split.Report.Length);
    }

    [Fact]
    public void Of_SharesAsked_DoesNotFollowThePublisherAndHasNothingToSay()
    {
        var table = Table(train: 200, test: 200);
        Assert.True(SplitText.TryParse("0.5,0.2", out var split));

        Assert.False(split.Follows(table, Parts));
        Assert.Null(split.NoteOn(table, Parts));
        Assert.Contains(split.Of(table, Parts, 42).Fit, row => table.Queries[row].PublishedSplit == "test");
    }

    private static OutcomeTable Table(int train, int test)
    {
        var builder = new OutcomeTableBuilder();
        for (var i = 0; i < train + test; i++)
        {
            builder.Add(new OutcomeRecord { QueryId = $"q{i}", Model = "m", Quality = 1, CostUsd = 1 });
            builder.Describe(new OutcomeQuery { Id = $"q{i}", PublishedSplit = i < train ? Parts.Fit : Parts.Report }, []);
        }

        return builder.Build();
    }
}
