namespace Cascade.Planning.Evaluation;

/// <summary>What a policy delivered on each row of a table: columns of equal length.</summary>
public sealed class PolicyResult
{
    internal PolicyResult(double[] quality, double[] costUsd, int[] final, int[] calls) =>
        (Quality, CostUsd, FinalModel, Calls) = (quality, costUsd, final, calls);

    /// <summary>u of the answer that was returned; 0 when it was abstained from.</summary>
    public double[] Quality { get; }

    /// <summary>Cost of all calls and of all judging, in dollars.</summary>
    public double[] CostUsd { get; }

    /// <summary>The model whose answer was returned; -1 when it was abstained from.</summary>
    public int[] FinalModel { get; }

    /// <summary>How many models were called.</summary>
    public int[] Calls { get; }

    /// <summary>U: the mean quality.</summary>
    public double MeanQuality => Quality.Average();

    /// <summary>C: the mean cost in dollars.</summary>
    public double MeanCostUsd => CostUsd.Average();

    /// <summary>The share of rows on which more than one model was called.</summary>
    public double EscalationRate => (double)Calls.Count(c => c > 1) / Calls.Length;

    /// <summary>The share of rows without an answer.</summary>
    public double AbstentionRate => (double)FinalModel.Count(m => m < 0) / FinalModel.Length;
}
