using Cascade.Planning.Scoring.Tokens;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Planning.Scoring;

public sealed class TokenUncertaintyTests
{
    private const double Tolerance = 1e-6;

    private static readonly double[] Confident = [.. Enumerable.Repeat(Math.Log(0.9), 9), Math.Log(0.1)];
    private static readonly double[] Even = [.. Enumerable.Repeat(Math.Log(0.7), 10)];

    private static readonly Gen<(double[] Logs, bool[] Mask)> Traces = Gen.Int[0, 20].SelectMany(n => Gen.Select(
        Gen.Frequency((1, Gen.Const(double.NaN)), (1, Gen.Const(double.NegativeInfinity)), (6, Gen.Double[-20, 0])).Array[n],
        Gen.OneOf(Gen.Const(Array.Empty<bool>()), Gen.Bool.Array[n])));

    [Fact]
    public void T5_1_ChowRules_RankTheTwoAnswersDifferently()
    {
        var a = new TokenTrace { LogProbs = Confident };
        var b = new TokenTrace { LogProbs = Even };
        Assert.Equal(-3.250830, TokenUncertainty.ChowSum(a), Tolerance);
        Assert.Equal(-3.566749, TokenUncertainty.ChowSum(b), Tolerance);
        Assert.Equal(-0.325083, TokenUncertainty.ChowAverage(a), Tolerance);
        Assert.Equal(-0.356675, TokenUncertainty.ChowAverage(b), Tolerance);
        Assert.Equal(-2.302585, TokenUncertainty.ChowQuantile(a, 0), Tolerance);
        Assert.Equal(-0.356675, TokenUncertainty.ChowQuantile(b, 0), Tolerance);
        Assert.Equal(-1.313834, TokenUncertainty.ChowQuantile(a, 0.05), Tolerance);
        Assert.Equal(0.1, TokenUncertainty.MinTokenProbability(a), Tolerance);
        Assert.Equal(Math.Exp(-0.325083), TokenUncertainty.LengthNormalizedProbability(a), Tolerance);
    }

    [Fact]
    public void T5_2_Negentropy_HasTheKnownValues()
    {
        double[] Logs(params double[] p) => Array.ConvertAll(p, Math.Log);
        Assert.Equal(0.2701533, TokenUncertainty.Negentropy(Logs(0.7, 0.2, 0.1), renormalize: false), Tolerance);
        Assert.Equal(0, TokenUncertainty.Negentropy(Logs(0.2, 0.2, 0.2), renormalize: true), Tolerance);
        Assert.Equal(1, TokenUncertainty.Negentropy(Logs(1, 0, 0), renormalize: true), Tolerance);
        Assert.Equal(double.NaN, TokenUncertainty.Negentropy(Logs(1), renormalize: true));

        var trace = new TokenTrace { LogProbs = [-0.1, -0.1], TopLogProbs = Logs(0.7, 0.2, 0.1, 1, 0, 0), Alternatives = 3 };
        Assert.Equal((0.2701533 + 1) / 2, TokenUncertainty.MeanNegentropy(trace, renormalize: true), Tolerance);
        Assert.Equal(0.2701533, TokenUncertainty.MinNegentropy(trace, renormalize: true), Tolerance);
        Assert.Equal((0.5 + 1) / 2, TokenUncertainty.Margin(trace), Tolerance);
    }

    [Fact]
    public void T5_3_SequenceTwice_DoublesTheSumAlone()
    {
        double[] twice = [.. Confident, .. Confident];
        var one = new TokenTrace { LogProbs = Confident };
        var two = new TokenTrace { LogProbs = twice };
        Assert.Equal(2 * TokenUncertainty.ChowSum(one), TokenUncertainty.ChowSum(two), Tolerance);
        Assert.Equal(TokenUncertainty.ChowAverage(one), TokenUncertainty.ChowAverage(two), Tolerance);
        Assert.Equal(TokenUncertainty.ChowQuantile(one, 0), TokenUncertainty.ChowQuantile(two, 0), Tolerance);
    }

    [Fact]
    public void Of_MaskedTokens_AreAsIfTheyWereNotThere()
    {
        double[] padded = [-9, .. Confident, double.NaN];
        bool[] mask = [false, .. Enumerable.Repeat(true, 11)];
        var signals = TokenSignals.Of(new TokenTrace { LogProbs = padded, IsContent = mask });
        Assert.Equal(TokenSignals.Of(new TokenTrace { LogProbs = Confident }), signals);
        Assert.Equal(10, signals.Single(s => s.Key == TokenSignals.Count).Value);
    }

    [Fact]
    public void Of_NoContent_HasTheCountAlone() =>
        Assert.Equal([new KeyValuePair<string, double>(TokenSignals.Count, 0)], TokenSignals.Of(new TokenTrace { LogProbs = [double.NaN] }));

    [Fact]
    public void Of_AnyTrace_OrdersItsQuantiles() => Traces.Sample(t =>
    {
        var trace = new TokenTrace { LogProbs = t.Logs, IsContent = t.Mask };
        var before = double.NegativeInfinity;
        foreach (var alpha in TokenSignals.Quantiles)
        {
            var here = TokenUncertainty.ChowQuantile(trace, alpha);
            Assert.True(double.IsNaN(here) || here >= before - 1e-12);
            before = double.IsNaN(here) ? before : here;
        }

        Assert.All(TokenSignals.Of(trace), s => Assert.False(double.IsNaN(s.Value)));
        var (sum, average) = (TokenUncertainty.ChowSum(trace), TokenUncertainty.ChowAverage(trace));
        Assert.Equal(double.IsNaN(sum), double.IsNaN(average));
        Assert.True(double.IsNaN(sum) || (sum <= average && average <= 0));
    });

    [Fact]
    public void Of_WrongTraces_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => TokenSignals.Of(new TokenTrace { LogProbs = [0.5] }));
        Assert.Throws<ArgumentException>(() => TokenSignals.Of(new TokenTrace { LogProbs = [-1], IsContent = [true, false] }));
        Assert.Throws<ArgumentException>(() => TokenSignals.Of(new TokenTrace { LogProbs = [-1], TopLogProbs = [-1, -2, -3], Alternatives = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenUncertainty.ChowQuantile(new TokenTrace { LogProbs = [-1] }, 1.5));
    }

    [Theory]
    [InlineData("token_logprob_q05", true)]
    [InlineData(TokenSignals.Average, true)]
    [InlineData("mean_log_probability", true)]
    [InlineData(TokenSignals.Count, false)]
    [InlineData("self_verification", false)]
    public void IsConfidence_Names_AreToldApart(string name, bool expected) => Assert.Equal(expected, TokenSignals.IsConfidence(name));

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (empty, masked, impossible, missing) = (0, 0, 0, 0);
        Traces.Sample(
            t =>
            {
                empty += t.Logs.Length == 0 ? 1 : 0;
                masked += t.Mask.Contains(false) ? 1 : 0;
                impossible += t.Logs.Contains(double.NegativeInfinity) ? 1 : 0;
                missing += t.Logs.Contains(double.NaN) ? 1 : 0;
            },
            iter: 2_000, threads: 1);
        Assert.True(empty > 30 && masked > 300 && impossible > 300 && missing > 300, $"{empty} {masked} {impossible} {missing}");
    }
}
