using Cascade.Verification;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class AnswerExtractionTests
{
    private static readonly string[] Pieces =
    [
        "{", "}", "\"answer\"", ":", "\"", "\\", "42", "1,234.50", "-", "$", "####", "\\boxed{", "A:", "The answer is ", "\n", "```json", " ", ".",
        "\\frac{3}{4}", "=", "1/0", "99999999999999999999999999999999999999999999999999999999999999", "\u2212", "\uFF13", "%", "word", "\ud800",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 30].Select(string.Concat);

    [Theory]
    [InlineData("{\"reasoning\": \"3 + 4 = 7\", \"answer\": \"7\"}", "7", AnswerSource.Json)]
    [InlineData("```json\n{\n    \"answer\": \"$1,234.50\"\n}\n```</s></s>", "1234.5", AnswerSource.Json)]
    [InlineData("{\"answer\": 12.00}", "12", AnswerSource.Json)]
    [InlineData("{\"answer\": \"40 * 21 = 840\"}", "840", AnswerSource.Json)]
    [InlineData("{\"answer\": \"the \"big\" one, 5\"}", "5", AnswerSource.Json)]
    [InlineData("{\"answer\": \"5", "5", AnswerSource.Json)]
    [InlineData("{'answer': '5'}", "5", AnswerSource.Json)]
    [InlineData("{\\\"answer\\\": \\\"17\\\"}", "17", AnswerSource.Json)]
    [InlineData("{\"Final_Answer\": \"8\"}", "8", AnswerSource.Json)]
    [InlineData("{\"answer\": \"1\"} no, {\"answer\": \"2\"}", "2", AnswerSource.Json)]
    [InlineData("{\"answer\": {\"blue\": 4, \"red\": 6}}", "{\"blue\": 4, \"red\": 6}", AnswerSource.Json)]
    [InlineData("so 9 eggs\n#### 18\n", "18", AnswerSource.Hashes)]
    [InlineData("thus \\boxed{\\frac{3}{4}} and 5", "0.75", AnswerSource.Boxed)]
    [InlineData("thus $\\boxed{-\\frac{1}{3}}$", "-1/3", AnswerSource.Boxed)]
    [InlineData("3 + 4\nA: 7", "7", AnswerSource.AnswerLine)]
    [InlineData("**Answer:** 7 apples", "7", AnswerSource.AnswerLine)]
    [InlineData("I had 9. The answer is $18. I had 3 left.", "18", AnswerSource.AnswerIs)]
    [InlineData("The answer is 3.50.", "3.5", AnswerSource.AnswerIs)]
    [InlineData("that leaves 12 and then -7", "-7", AnswerSource.LastNumber)]
    [InlineData("it costs 10-7", "7", AnswerSource.LastNumber)]
    [InlineData("it is 3/4.", "0.75", AnswerSource.LastNumber)]
    [InlineData("  Paris. ", "paris", AnswerSource.WholeText)]
    public void Extract_KnownForms_FindsTheAnswer(string response, string text, AnswerSource source)
    {
        var answer = AnswerExtraction.Extract(response);
        Assert.Equal((text, source), (answer.Text, answer.Source));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n ")]
    [InlineData("{\"reasoning\": \"the 3 cats have 12")]
    [InlineData("```json\n{\n    \"reasoning\": \"first, 5 + 6")]
    public void Extract_NoAnswer_FindsNone(string? response) => Assert.False(AnswerExtraction.Extract(response).Found);

    [Theory]
    [InlineData("$32", "32")]
    [InlineData("25%", "25")]
    [InlineData("1,248,000", "1248000")]
    [InlineData("1{,}000", "1000")]
    [InlineData("1\u202F234\u00A0567", "1234567")]
    [InlineData("12.00", "12")]
    [InlineData("007", "7")]
    [InlineData("7.", "7")]
    [InlineData(".50", "0.5")]
    [InlineData("\u221221.00", "-21")]
    [InlineData("-$21.00", "-21")]
    [InlineData("\uFF11\uFF12", "12")]
    [InlineData("-0", "0")]
    [InlineData("2/3", "2/3")]
    [InlineData("4/2", "2")]
    [InlineData("1/0", "1")]
    [InlineData("20-foot", "20")]
    [InlineData("1,2,3", "1")]
    [InlineData("2:10 pm", "2:10 pm")]
    [InlineData(" Yes, ", "yes")]
    public void Normalize_WaysToWrite_GivesOneForm(string answer, string canonical) =>
        Assert.Equal(canonical, AnswerExtraction.Normalize(answer));

    [Theory]
    [InlineData("$1,000", "1000.00 dollars", true)]
    [InlineData("0.75", "3/4", true)]
    [InlineData("33.33", "100/3", true)]
    [InlineData("0.67", "2/3", true)]
    [InlineData("33", "33.4", false)]
    [InlineData("33.3", "33.4", false)]
    [InlineData("5", "-5", false)]
    [InlineData("Paris", " paris. ", true)]
    [InlineData("Paris", "Rome", false)]
    [InlineData("5", "five", false)]
    [InlineData("", "", false)]
    [InlineData(null, "1", false)]
    public void AreSame_Pairs_CompareByValue(string? left, string? right, bool same)
    {
        Assert.Equal(same, AnswerExtraction.AreSame(left, right));
        Assert.Equal(same, AnswerExtraction.AreSame(right, left));
    }

    [Fact]
    public void Extract_AnyText_NeverThrowsAndIsStable() => Texts.Sample(text =>
    {
        var answer = AnswerExtraction.Extract(text);
        return !answer.Found || (AnswerExtraction.Normalize(answer.Text) == answer.Text && AnswerExtraction.AreSame(answer.Text, answer.Text));
    });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var sources = new HashSet<AnswerSource>();
        Texts.Sample(text => { sources.Add(AnswerExtraction.Extract(text).Source); }, iter: 20_000, threads: 1);
        Assert.Superset(Enum.GetValues<AnswerSource>().ToHashSet(), sources);
    }

    [Theory]
    [InlineData("\"answer\"")]
    [InlineData("\"answer\":")]
    [InlineData("####")]
    [InlineData("\\boxed{")]
    [InlineData("A:\n")]
    [InlineData("answer is ")]
    [InlineData("1,")]
    [InlineData("-")]
    [InlineData("{")]
    public void Extract_LongRepetition_ReadsOnlyTheEnd(string piece)
    {
        var response = string.Concat(Enumerable.Repeat(piece, 500_000 / piece.Length)) + "\n#### 7";
        Assert.Contains("7", AnswerExtraction.Extract(response).Text, StringComparison.Ordinal);
    }
}
