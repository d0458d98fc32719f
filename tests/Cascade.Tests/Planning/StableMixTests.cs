using Cascade.Planning.Frontier;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning;

public sealed class StableMixTests
{
    [Theory]
    [InlineData("", 0xcbf29ce484222325)]
    [InlineData("a", 0xaf63dc4c8601ec8c)]
    [InlineData("foobar", 0x85944171f73967e8)]
    public void Fnv1a_PublishedVectors_Match(string text, ulong hash) => Assert.Equal(hash, StableMix.Fnv1a(text));

    [Fact]
    public void Unit_FrozenIds_KeepTheirPlace()
    {
        Assert.Equal(0.843984906682962, StableMix.Unit("request-1"));
        Assert.Equal(0.8631048217897108, StableMix.Unit("größe-☃"));
        Assert.Equal(0.9188820035400902, StableMix.Unit("request-1", "frontier"));
    }

    [Fact]
    public void Unit_NumberedIds_AreUniform()
    {
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
        {
            counts[(int)(StableMix.Unit($"request-{i}") * 10)]++;
        }

        Assert.All(counts, c => Assert.InRange(c, 9_600, 10_400));
    }

    [Fact]
    public void Unit_OtherScope_SplitsIndependently()
    {
        var both = Enumerable.Range(0, 40_000).Count(i => StableMix.Unit($"r{i}", "one") < 0.5 && StableMix.Unit($"r{i}", "two") < 0.5);
        Assert.InRange(both, 9_600, 10_400);
        Assert.NotEqual(StableMix.Unit("bc", "a"), StableMix.Unit("c", "ab"));
    }

    [Fact]
    public void Unit_AnyText_IsWithinItsRange() => Gen.String.Sample(id => StableMix.Unit(id) is >= 0 and < 1);

    [Fact]
    public void PolicyFor_Mix_HitsTheBudget()
    {
        var choice = CostFrontier.Of([new(1, 0.6, 10), new(5, 0.8, 11)]).AtBudget(2);
        var upper = Enumerable.Range(0, 40_000).Count(i => choice.PolicyFor($"conversation-{i}") == 11);
        Assert.InRange(upper / 40_000.0, 0.24, 0.26);
        Assert.Equal(choice.PolicyFor("conversation-1"), choice.PolicyFor("conversation-1"));
    }

    [Fact]
    public void PolicyFor_NothingToMix_IsTheVertex()
    {
        var frontier = CostFrontier.Of([new(1, 0.6, 10), new(5, 0.8, 11)]);
        Assert.Equal((10, 11, 11), (frontier.AtBudget(0).PolicyFor("a"), frontier.AtBudget(9).PolicyFor("a"), frontier.AtFloor(0.8).PolicyFor("a")));
    }
}
