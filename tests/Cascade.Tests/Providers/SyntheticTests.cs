using System.Globalization;
using System.Text.RegularExpressions;
using Cascade.Providers;
using Cascade.Providers.Synthetic;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed partial class SyntheticTests
{
    private const int Problems = 4000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Create_SameSeedAndIndex_IsTheSameProblemForGood()
    {
        var problem = SyntheticProblems.Create(7, 0);

        Assert.Equal(problem, SyntheticProblems.Create(7, 0));
        Assert.NotEqual(problem.Text, SyntheticProblems.Create(8, 0).Text);
        Assert.True(SyntheticProblems.Kinds >= 8);
    }

    [Fact]
    public async Task Create_ManyProblems_AreVariedAndHaveWholeAnswers()
    {
        var problems = Enumerable.Range(0, Problems).Select(index => SyntheticProblems.Create(1, index)).ToArray();
        var perfect = await AnswersAsync(new SyntheticConfig { Solver = "strong", ErrorRate = 0 }, problems);

        Assert.True(problems.Select(problem => problem.Text).Distinct().Count() > Problems * 0.98);
        Assert.All(problems, problem => Assert.True(long.Parse(problem.ReferenceAnswer, CultureInfo.InvariantCulture) > 0, problem.Text));
        Assert.All(problems.Zip(perfect), pair => Assert.Equal(pair.First.ReferenceAnswer, Final(pair.Second)));
        Assert.All(perfect, answer => Assert.InRange(Equations(answer).Length, 2, 4));
        Assert.All(perfect, answer => Assert.All(Equations(answer), AddsUp));
    }

    [Theory]
    [InlineData("weak", 1, 0.25)]
    [InlineData("weak", 2, 0.25)]
    [InlineData("strong", 1, 0.03)]
    [InlineData("weak", 5, 0.5)]
    [InlineData("weak", 5, 1.0)]
    public async Task GetResponseAsync_StatedErrorRate_IsTheMeasuredOne(string solver, long seed, double rate)
    {
        var problems = Enumerable.Range(0, Problems).Select(index => SyntheticProblems.Create(3, index)).ToArray();
        var answers = await AnswersAsync(new SyntheticConfig { Solver = solver, Seed = seed, ErrorRate = rate }, problems);

        var wrong = problems.Zip(answers).Count(pair => pair.First.ReferenceAnswer != Final(pair.Second));

        // Four standard deviations of a binomial count: a fixed seed never flickers, and a wrong rate of a point or two is seen.
        var allowed = 4 * Math.Sqrt(Problems * rate * (1 - rate));
        Assert.InRange(wrong, (Problems * rate) - allowed, (Problems * rate) + allowed);
    }

    [Fact]
    public async Task GetResponseAsync_TwoSeeds_ErrIndependentlyAndSeldomAgreeOnAWrongAnswer()
    {
        var problems = Enumerable.Range(0, Problems).Select(index => SyntheticProblems.Create(3, index)).ToArray();
        var first = await AnswersAsync(new SyntheticConfig { Seed = 1 }, problems);
        var second = await AnswersAsync(new SyntheticConfig { Seed = 2 }, problems);

        var both = 0;
        var sameWrong = 0;
        for (var n = 0; n < Problems; n++)
        {
            var (reference, one, other) = (problems[n].ReferenceAnswer, Final(first[n]), Final(second[n]));
            both += one != reference && other != reference ? 1 : 0;
            sameWrong += one != reference && one == other ? 1 : 0;
        }

        var expected = Problems * 0.25 * 0.25;
        Assert.InRange(both, expected - (4 * Math.Sqrt(expected)), expected + (4 * Math.Sqrt(expected)));
        Assert.True(sameWrong < both / 2, $"{sameWrong} of {both} common errors are the same answer, so agreement would say nothing.");
    }

    [Fact]
    public async Task GetResponseAsync_WrongAnswers_SomeCanBeRecomputedAndSomeCannot()
    {
        var problems = Enumerable.Range(0, Problems).Select(index => SyntheticProblems.Create(3, index)).ToArray();
        var answers = await AnswersAsync(new SyntheticConfig { ErrorRate = 1 }, problems);

        var caught = answers.Count(answer => !Equations(answer).All(Adds));
        var otherNumber = answers.Count(answer => Equations(answer).All(Adds) && Equations(answer)[^1].Groups[4].Value != Final(answer));

        Assert.InRange(caught / (double)Problems, 0.3, 0.5);
        Assert.InRange(otherNumber / (double)Problems, 0.05, 0.25);
    }

    [Fact]
    public async Task GetResponseAsync_Answer_IsLabelledAndMeteredByTheRule()
    {
        using var client = new SyntheticChatClient(new SyntheticConfig { ErrorRate = 0 }, TimeProvider.System);
        var problem = SyntheticProblems.Create(1, 0);

        var response = await client.GetResponseAsync(problem.Text, cancellationToken: Token);

        Assert.Equal("synthetic/weak", response.ModelId);
        Assert.Equal((long)Math.Ceiling(problem.Text.Split(' ').Length * 4 / 3.0), response.Usage!.InputTokenCount!.Value);
        Assert.Equal(ChatFinishReason.Stop, response.FinishReason);
    }

    [Fact]
    public async Task GetResponseAsync_SmallLimit_CutsAndBillsTheLimit()
    {
        using var client = new SyntheticChatClient(new SyntheticConfig { Solver = "strong" }, TimeProvider.System);

        var response = await client.GetResponseAsync(SyntheticProblems.Create(1, 0).Text, new ChatOptions { MaxOutputTokens = 4 }, Token);

        Assert.Equal(4, response.Usage!.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.DoesNotContain("####", response.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hello!")]
    [InlineData("")]
    [InlineData("A tank holds 99999999999999999999 litres.")]
    public async Task GetResponseAsync_NoMadeUpProblem_SaysThatItIsAStandIn(string text)
    {
        using var client = new SyntheticChatClient(new SyntheticConfig(), TimeProvider.System);

        var response = await client.GetResponseAsync([new ChatMessage(ChatRole.User, text)], cancellationToken: Token);

        Assert.Contains("synthetic", response.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("####", response.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponseAsync_ProblemInsideOtherTextAndWhiteSpace_IsSolved()
    {
        var problem = SyntheticProblems.Create(1, 2);
        using var client = new SyntheticChatClient(new SyntheticConfig { ErrorRate = 0 }, TimeProvider.System);

        var response = await client.GetResponseAsync($"Solve this:\n\n{problem.Text.Replace(". ", ".\n", StringComparison.Ordinal)}\nThink.", cancellationToken: Token);

        Assert.Equal(problem.ReferenceAnswer, Final(response.Text));
    }

    private static async Task<string[]> AnswersAsync(SyntheticConfig config, SyntheticProblem[] problems)
    {
        using var client = new SyntheticChatClient(config, TimeProvider.System);
        var answers = new string[problems.Length];
        for (var n = 0; n < problems.Length; n++)
            answers[n] = (await client.GetResponseAsync(problems[n].Text, cancellationToken: Token)).Text;
        return answers;
    }

    private static string Final(string answer) => answer[(answer.LastIndexOf("#### ", StringComparison.Ordinal) + 5)..];

    private static Match[] Equations(string answer) => [.. EquationPattern().Matches(answer).Cast<Match>()];

    private static void AddsUp(Match equation) => Assert.True(Adds(equation), equation.Value);

    private static bool Adds(Match equation) =>
        Equation.Compute(Number(equation, 1), equation.Groups[2].Value[0], Number(equation, 3)) == Number(equation, 4);

    private static long Number(Match equation, int group) => long.Parse(equation.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\d+) ([-+*/]) (\d+) = (\d+)")]
    private static partial Regex EquationPattern();
}
