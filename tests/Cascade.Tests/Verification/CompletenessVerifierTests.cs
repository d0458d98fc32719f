using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class CompletenessVerifierTests
{
    [Theory]
    [InlineData("fine", "stop", false)]
    [InlineData("", "stop", false, EvidenceCodes.Empty)]
    [InlineData(" \n", "stop", true, EvidenceCodes.Empty)]
    [InlineData("cut of", "length", false, EvidenceCodes.CutOff)]
    [InlineData("", "content_filter", false, EvidenceCodes.ContentFiltered, EvidenceCodes.Empty)]
    [InlineData("{\"a\": [1, 2}", "stop", true, EvidenceCodes.JsonUnbalanced)]
    [InlineData("{\"a\": \"b", "length", true, EvidenceCodes.CutOff, EvidenceCodes.JsonUnbalanced)]
    [InlineData("{\"a\": \"}\\\"{\"}", "stop", true)]
    [InlineData("```json\n{}\n```", "stop", true)]
    [InlineData("```json\n{}", "stop", true, EvidenceCodes.JsonUnbalanced)]
    [InlineData("}", "stop", true, EvidenceCodes.JsonUnbalanced)]
    [InlineData("{ not json asked", "stop", false)]
    [InlineData("I'm sorry, but no.", "stop", false)]
    public async Task VerifyAsync_Answers_FindsWhatIsNotWhole(string answer, string finish, bool wantsJson, params string[] evidence)
    {
        var draft = Drafts.Of(answer) with { FinishReason = finish, WantsJson = wantsJson };
        var verdict = await new CompletenessVerifier().VerifyAsync(draft, TestContext.Current.CancellationToken);
        Assert.Equal(evidence, verdict.Evidence);
        Assert.Equal(evidence.Length > 0 ? 0 : double.NaN, verdict.Score);
    }

    [Theory]
    [InlineData("  I\u2019m sorry, but I do not know.", true)]
    [InlineData("i cannot answer", true)]
    [InlineData("The sign says: I cannot swim.", false)]
    public async Task VerifyAsync_RefusalsAskedFor_LooksAtTheStart(string answer, bool refused)
    {
        var verdict = await new CompletenessVerifier(checkRefusals: true).VerifyAsync(Drafts.Of(answer), TestContext.Current.CancellationToken);
        Assert.Equal(refused, verdict.Evidence.Contains(EvidenceCodes.Refusal));
    }
}
