using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class AgreementVerifierTests
{
    [Theory]
    [InlineData("#### 18", "The answer is $18.00.", 1.0)]
    [InlineData("#### 18", "#### 19", 0.0, EvidenceCodes.AnswersDiffer)]
    [InlineData("#### 18", "", double.NaN, EvidenceCodes.SecondOpinionWithoutAnswer)]
    public async Task VerifyAsync_SecondAnswer_ComparesFinalAnswers(string own, string other, double score, params string[] evidence)
    {
        var second = new FakeSecondOpinion(new Opinion(true, other, 1_200, ""));
        var verdict = await new AgreementVerifier("judge").VerifyAsync(Drafts.Of(own, second), TestContext.Current.CancellationToken);
        Assert.Equal((score, 1_200), (verdict.Score, verdict.CostNanos));
        Assert.Equal(evidence, verdict.Evidence);
        Assert.Equal(["judge"], second.Asked);
    }

    [Fact]
    public async Task VerifyAsync_NoSecondAnswer_HasNoOpinionAndCarriesTheCost()
    {
        var second = new FakeSecondOpinion(new Opinion(false, "", 77, "unaffordable"));
        var verdict = await new AgreementVerifier("judge").VerifyAsync(Drafts.Of("#### 18", second), TestContext.Current.CancellationToken);
        Assert.False(verdict.HasOpinion);
        Assert.Equal(77, verdict.CostNanos);
        Assert.Equal(["second-opinion-unavailable:unaffordable"], verdict.Evidence);
    }

    [Fact]
    public async Task VerifyAsync_DraftWithoutAnswer_AsksNobody()
    {
        var second = new FakeSecondOpinion(new Opinion(true, "5", 77, ""));
        var verdict = await new AgreementVerifier("judge").VerifyAsync(Drafts.Of("  ", second), TestContext.Current.CancellationToken);
        Assert.Equal([EvidenceCodes.NoFinalAnswer], verdict.Evidence);
        Assert.Empty(second.Asked);
    }
}
