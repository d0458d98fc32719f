using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class TokenLogProbabilityVerifierTests
{
    private static readonly double Half = Math.Log(0.5);
    private static readonly double Eighth = Math.Log(0.125);

    [Theory]
    [InlineData("mean", 0.25)]
    [InlineData("min", 0.125)]
    public async Task Verify_TwoTokens_IsTheGeometricMeanOrTheUnlikeliest(string signal, double expected) =>
        Assert.Equal(expected, await ScoreAsync(signal, Half, Eighth), 12);

    [Fact]
    public async Task Verify_NoTokens_HasNoOpinion() => Assert.True(double.IsNaN(await ScoreAsync("mean")));

    [Theory]
    [InlineData(-9999.0, 0.0)]
    [InlineData(1e-9, 1.0)]
    [InlineData(double.NegativeInfinity, 0.0)]
    public async Task Verify_OddNumberOfAProvider_StaysOnTheScale(double log, double expected) => Assert.Equal(expected, await ScoreAsync("min", log));

    [Fact]
    public async Task Verify_NoNumber_HasNoOpinion() => Assert.True(double.IsNaN(await ScoreAsync("mean", Half, double.NaN)));

    [Fact]
    public void ReadsLogProbabilities_OfAComposedJudge_IsThatOfItsParts()
    {
        Assert.True(Reads(new VerifierConfig { Kind = "all", Parts = [new() { Kind = "completeness" }, new() { Kind = "token-logprob" }] }));
        Assert.False(Reads(new VerifierConfig { Kind = "all", Parts = [new() { Kind = "completeness" }] }));
    }

    [Fact]
    public void Check_UnknownSignal_NamesTheKeyAndTheChoices()
    {
        var config = new VerifierConfig { Kind = "token-logprob", Signal = "max" };

        Assert.Equal(["V:Signal 'max' does not exist; use one of mean, min"], VerifierConfigValidator.Check("V", config, new HashSet<string>()));
    }

    private static bool Reads(VerifierConfig config) => VerifierFactory.Create(config) is ILogProbabilityReader { ReadsLogProbabilities: true };

    private static async Task<double> ScoreAsync(string signal, params double[] logs)
    {
        var draft = Drafts.Of("42") with { TokenLogProbabilities = [.. logs] };
        var verdict = await new TokenLogProbabilityVerifier(signal).VerifyAsync(draft, TestContext.Current.CancellationToken);
        return verdict.Score;
    }
}
