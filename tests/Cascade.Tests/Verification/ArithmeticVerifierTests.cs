using Cascade.Verification;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class ArithmeticVerifierTests
{
    private static readonly string[] Pieces =
    [
        "1", "23", "4.5", "1,000", "20%", "+", "-", "*", "x", "\u00D7", "/", "^", "(", ")", "=", " ", "$", " apples", " of ", "\n", ".", ":", "<<", ">>",
        "2 + 3", " = 5", " = 6", "12 / 4 = 3", "\\times", "\\frac", "999999999999999999999999999999999999999999999999999999999", "0", "\\", "\ud800", "...",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Select(string.Concat);

    private static readonly Gen<char> Operator = Gen.Int[0, 2].Select(i => "+-*"[i]);

    private static readonly Gen<(int A, int B, int C, char First, char Second)> Sums = Gen.Select(
        Gen.Int[0, 500], Gen.Int[1, 500], Gen.Int[1, 50], Operator, Operator);

    [Theory]
    [InlineData("2 + 3 = 5", 1, 0)]
    [InlineData("2 + 3 = 6", 1, 1)]
    [InlineData("2 + 3 * 4 = 14", 1, 0)]
    [InlineData("2 + 3 * 4 = 20", 1, 1)]
    [InlineData("(2 + 3) * 4 = 20", 1, 0)]
    [InlineData("2(3 + 4) = 14", 1, 0)]
    [InlineData("2^5 = 32", 1, 0)]
    [InlineData("5 x 3 = 15 and 4 \u00D7 2 = 8", 2, 0)]
    [InlineData("90 \u00F7 6 = 15", 1, 0)]
    [InlineData("3 \\times 4 = 13", 1, 1)]
    [InlineData("40 * 4 + 50 * 3 = 160 + 150 = 310", 2, 0)]
    [InlineData("40 * 4 + 50 * 3 = 160 + 150 = 300", 2, 1)]
    [InlineData("4 pounds * $0.35 per pound = $1.40", 1, 0)]
    [InlineData("105 MTBs would be 105 * $500 = $52,500", 1, 0)]
    [InlineData("<<150/1.5=100>>100 cards", 1, 0)]
    [InlineData("150 / 1.5 = <<150/1.5=90>>90 cards", 1, 1)]
    [InlineData("20% of 50 = 10", 1, 0)]
    [InlineData("20% * 50 = 12", 1, 1)]
    [InlineData("100% - 20% = 80%", 1, 0)]
    [InlineData("30 / 150 * 100 = 20%", 1, 0)]
    [InlineData("2 * 50 cents = $1", 1, 0)]
    [InlineData("100 / 3 = 33.33", 1, 0)]
    [InlineData("100 / 3 = 33", 1, 0)]
    [InlineData("100 / 3 = 34", 1, 0)]
    [InlineData("100 / 3 = 35", 1, 1)]
    [InlineData("33.33 * 3 = 100", 1, 0)]
    [InlineData("\\n   - 90 per night x 2 days = 180", 1, 0)]
    [InlineData("\n* 6 * 25 = 150", 1, 0)]
    [InlineData("2. 5 + 3 = 8", 1, 0)]
    [InlineData("Total = 5 + 3 = 8", 1, 0)]
    [InlineData("5 \u2212 3 = 2", 1, 0)]
    [InlineData("0.333... * 3 = 1", 1, 0)]
    [InlineData("(20 * 12) / (2 * 3) = 40", 1, 0)]
    [InlineData("50 - 20% * 50 = 40", 1, 0)]
    [InlineData("10% + 15% = 25%", 1, 0)]
    [InlineData("10% + 15% = 30%", 1, 1)]
    public void Read_Equations_AreRecomputed(string answer, int found, int wrong)
    {
        var findings = EquationReader.Read(answer, 100);
        Assert.Equal((found, wrong), (findings.Found, findings.Wrong));
    }

    [Theory]
    [InlineData("x + 5 * 2 = 20")]
    [InlineData("3x + 2x = 10")]
    [InlineData("chairs - 2 = 66")]
    [InlineData("the 5 boxes of 40 cards = 7")]
    [InlineData("Week 1 (120) + Week 2 (240) = 100")]
    [InlineData("1 1/2 * 4 = 7")]
    [InlineData("5 hours 30 minutes * 2 = 1")]
    [InlineData("50 - 20% = 41")]
    [InlineData("4 / 0 = 5")]
    [InlineData("2 + 3 >= 6")]
    [InlineData("2 + 3 == 6")]
    [InlineData("the number of cats * 3 = 12")]
    [InlineData("5 + 3 = 8x")]
    [InlineData("at 5:00 - 3 = 1")]
    [InlineData("2^99999 = 7")]
    [InlineData("no numbers at all")]
    public void Read_WhatIsNotPlainArithmetic_IsNotJudged(string answer) => Assert.Equal(0, EquationReader.Read(answer, 100).Found);

    [Theory]
    [InlineData("2 + 3 = 5\n#### 5", 1.0)]
    [InlineData("2 + 3 = 6\n#### 6", 0.0, EvidenceCodes.EquationWrong)]
    [InlineData("2 + 3 = 5\n#### 17", 0.5, EvidenceCodes.FinalNumberUnsupported)]
    [InlineData("2 + 3 = 6\n#### 17", 0.0, EvidenceCodes.EquationWrong, EvidenceCodes.FinalNumberUnsupported)]
    [InlineData("I think it is 5", double.NaN, EvidenceCodes.NoEquations)]
    [InlineData("2 + 3 = 5, of the 17 we had, so 17", 1.0)]
    public async Task VerifyAsync_Answers_ScoreAsDocumented(string answer, double score, params string[] evidence)
    {
        var verdict = await new ArithmeticVerifier().VerifyAsync(Drafts.Of(answer), TestContext.Current.CancellationToken);
        Assert.Equal(score, verdict.Score);
        Assert.Equal(evidence, verdict.Evidence);
        Assert.Equal(0, verdict.CostNanos);
    }

    [Fact]
    public async Task VerifyAsync_FinalNumberOfTheQuestion_IsSupported()
    {
        var draft = Drafts.Of("2 + 3 = 5\n#### 17") with { Question = "Is it 5 or 17?" };
        Assert.Equal(1, (await new ArithmeticVerifier().VerifyAsync(draft, TestContext.Current.CancellationToken)).Score);
    }

    [Fact]
    public async Task VerifyAsync_TooLong_HasNoOpinion()
    {
        var judge = new ArithmeticVerifier(new VerifierLimits { MaxAnswerChars = 10 });
        var verdict = await judge.VerifyAsync(Drafts.Of("2 + 3 = 5 yes"), TestContext.Current.CancellationToken);
        Assert.Equal([EvidenceCodes.TooLarge], verdict.Evidence);
        Assert.False(verdict.HasOpinion);
    }

    [Fact]
    public void Read_WrongResult_IsFoundAndRightOneIsNot() => Sums.Sample(s =>
    {
        var exact = Evaluate(s);
        var text = $"{s.A} {s.First} {s.B} {s.Second} {s.C} = ";
        var (right, wrong) = (EquationReader.Read(text + exact, 10), EquationReader.Read(text + (exact + 1), 10));
        return right is { Found: 1, Wrong: 0 } && wrong is { Found: 1, Wrong: 1 };
    });

    [Fact]
    public void Read_AnyText_NeverThrows() => Texts.Sample(text =>
    {
        var findings = EquationReader.Read(text, 20);
        return findings.Found is >= 0 and <= 20 && findings.Wrong <= findings.Found;
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (found, wrong, negative, positive) = (0, 0, 0, 0);
        Texts.Sample(
            text =>
            {
                var findings = EquationReader.Read(text, 20);
                found += findings.Found > findings.Wrong ? 1 : 0;
                wrong += findings.Wrong > 0 ? 1 : 0;
            },
            iter: 20_000, threads: 1);
        Sums.Sample(s => _ = Evaluate(s) < 0 ? negative++ : positive++, iter: 1_000, threads: 1);
        Assert.True(
            found > 5 && wrong > 5 && negative > 20 && positive > 100,
            $"{found} found, {wrong} wrong, {negative} negative, {positive} positive");
    }

    [Theory]
    [InlineData("(")]
    [InlineData("1+")]
    [InlineData("1=")]
    [InlineData("9*")]
    [InlineData("2^9^")]
    [InlineData("1 + 1 = 2\n")]
    public void Read_LongRepetition_IsBounded(string piece)
    {
        var findings = EquationReader.Read(string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length)), 1_000);
        Assert.InRange(findings.Found, 0, 1_000);
    }

    private static long Evaluate((int A, int B, int C, char First, char Second) s) => (s.First, s.Second) switch
    {
        (_, '*') when s.First != '*' => Apply(s.A, s.First, (long)s.B * s.C),
        _ => Apply(Apply(s.A, s.First, s.B), s.Second, s.C),
    };

    private static long Apply(long left, char op, long right) => op switch { '+' => left + right, '-' => left - right, _ => left * right };
}
