using System.Collections.Immutable;
using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class CompositeVerifierTests
{
    private const double Nan = double.NaN;

    [Theory]
    [InlineData(CompositeRule.All, new[] { 0.9, 0.4, 0.7 }, 0.4)]
    [InlineData(CompositeRule.All, new[] { Nan, 0.7, Nan }, 0.7)]
    [InlineData(CompositeRule.All, new[] { Nan, Nan }, Nan)]
    [InlineData(CompositeRule.First, new[] { Nan, 0.3, 0.9 }, 0.3)]
    [InlineData(CompositeRule.First, new[] { Nan }, Nan)]
    [InlineData(CompositeRule.Weighted, new[] { 1, 0.5 }, 0.75)]
    [InlineData(CompositeRule.Weighted, new[] { Nan, 0.5 }, 0.5)]
    [InlineData(CompositeRule.Weighted, new[] { Nan, Nan }, Nan)]
    public async Task VerifyAsync_Opinions_MakeOneScore(CompositeRule rule, double[] scores, double expected)
    {
        var verdict = await Verify(rule, [.. scores.Select((s, i) => new FakeVerifier($"j{i}", s))]);
        Assert.Equal(expected, verdict.Score, 12);
    }

    [Theory]
    [InlineData(CompositeRule.All, 1)]
    [InlineData(CompositeRule.Weighted, 3)]
    public async Task VerifyAsync_ClosedGate_AsksNoPaidJudge(CompositeRule rule, double weight)
    {
        var paid = new FakeVerifier("paid", 1, costNanos: 500);
        var gate = new FakeVerifier("gate", 0);
        var composed = new CompositeVerifier(rule, [paid, gate], rule == CompositeRule.Weighted ? [weight, 1] : []);
        var verdict = await composed.VerifyAsync(Drafts.Of("5"), TestContext.Current.CancellationToken);
        Assert.Equal((0, 0L), (verdict.Score, verdict.CostNanos));
        Assert.Equal(0, paid.Asked);
        Assert.Equal(["gate"], verdict.Parts.Select(p => p.Verifier));
    }

    [Fact]
    public async Task VerifyAsync_First_AsksFreeJudgesBeforePaidOnes()
    {
        var (paid, free) = (new FakeVerifier("paid", 0.2, costNanos: 500), new FakeVerifier("free", 0.8));
        var verdict = await Verify(CompositeRule.First, [paid, free]);
        Assert.Equal(0.8, verdict.Score);
        Assert.Equal(0, paid.Asked);
    }

    [Fact]
    public async Task VerifyAsync_OpenGate_AsksThePaidJudgeAndAddsTheCost()
    {
        var verdict = await Verify(CompositeRule.All, [new FakeVerifier("paid", 0.6, costNanos: 500), new FakeVerifier("gate", 1)]);
        Assert.Equal((0.6, 500), (verdict.Score, verdict.CostNanos));
        Assert.Equal(["gate", "paid"], verdict.Parts.Select(p => p.Verifier));
        Assert.Equal(["from-gate", "from-paid"], verdict.Evidence);
    }

    [Fact]
    public async Task VerifyAsync_Nested_KeepsPaidJudgesLast()
    {
        var paid = new FakeVerifier("paid", 1, costNanos: 500);
        var inner = new CompositeVerifier(CompositeRule.All, [paid], []);
        var verdict = await Verify(CompositeRule.All, [inner, new FakeVerifier("gate", 0)]);
        Assert.Equal(0, paid.Asked);
        Assert.Equal(0, verdict.Score);
    }

    [Fact]
    public void Create_BadParts_Throws()
    {
        var judge = new FakeVerifier("j", 1);
        Assert.Throws<ArgumentException>(() => new CompositeVerifier(CompositeRule.All, [], []));
        Assert.Throws<ArgumentException>(() => new CompositeVerifier(CompositeRule.All, [judge], [1]));
        Assert.Throws<ArgumentException>(() => new CompositeVerifier(CompositeRule.Weighted, [judge], []));
        Assert.Throws<ArgumentException>(() => new CompositeVerifier(CompositeRule.Weighted, [judge], [Nan]));
        Assert.Throws<ArgumentException>(() => new CompositeVerifier(CompositeRule.None, [judge], []));
    }

    private static async Task<Verdict> Verify(CompositeRule rule, ImmutableArray<IVerifier> parts)
    {
        ImmutableArray<double> weights = rule == CompositeRule.Weighted ? [.. parts.Select(_ => 2.0)] : [];
        return await new CompositeVerifier(rule, parts, weights).VerifyAsync(Drafts.Of("5"), TestContext.Current.CancellationToken);
    }
}
