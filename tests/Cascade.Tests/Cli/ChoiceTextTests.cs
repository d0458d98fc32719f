using Cascade.Cli.Fitting;
using Cascade.Planning.Selection;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class ChoiceTextTests
{
    [Fact]
    public void Of_SimplestTiesWithAnother_SaysSoAndNamesNoSimplerOne()
    {
        var text = ChoiceText.Of(Choice("single-model", Compared("single-model", 0, 0, 1), Compared("threshold-pair", 1, 0, 1)));

        Assert.Equal("it has the highest value on the 300 rows to choose on (it ties with threshold-pair, which is no simpler)", text);
    }

    [Fact]
    public void Of_BetterThanSimplerOnes_SaysAtWhatLevel()
    {
        var text = ChoiceText.Of(Choice("threshold-pair", Compared("single-model", 0, 0.02, 0.1), Compared("threshold-pair", 1, 0, 1)));

        Assert.Contains("each simpler strategy is worse at p ≤ 0.33 (next is single-model, 0.0200 behind", text, StringComparison.Ordinal);
    }

    private static AutoComparison Compared(string name, int complexity, double deficit, double p) => new()
    {
        Strategy = name, Complexity = complexity, Value = 0.5 - deficit, Deficit = deficit, StandardError = 0.01, PValue = p, HolmPValue = p,
    };

    private static AutoChoice Choice(string chosen, params AutoComparison[] comparisons) => new()
    {
        Chosen = chosen, Leader = chosen, Reason = AutoReason.Best, BudgetsUsd = [1], QualityPerUsd = [0], Rows = 300, Level = 1.0 / 3, Comparisons = [.. comparisons],
    };
}
