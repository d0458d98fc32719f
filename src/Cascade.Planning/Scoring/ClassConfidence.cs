namespace Cascade.Planning.Scoring;

/// <summary>
/// How sure a classifier is, from the probabilities it gives the classes (Varshney and Baral, "Model Cascading", arXiv 2210.05528). Probabilities
/// are divided by their sum first, as those of a language model's answer letters do not add up to 1.
/// </summary>
public static class ClassConfidence
{
    /// <summary>Prefix of the signals that hold class probabilities: <c>class:A</c> is the probability of class A.</summary>
    public const string SignalPrefix = "class:";

    /// <summary>MaxProb: the greatest probability.</summary>
    /// <param name="probabilities">At least 0 each; NaN where the model has no such class.</param>
    /// <returns>1/Y to 1 for Y classes; NaN when they do not sum to a positive number.</returns>
    public static double MaxProb(ReadOnlySpan<double> probabilities)
    {
        var (sum, _) = Sum(probabilities);
        var most = 0.0;
        foreach (var p in probabilities)
        {
            most = p > most ? p : most;
        }

        return most / sum;
    }

    /// <summary>DTU in L1: Σ |p_y − 1/Y|, the distance to the uniform distribution.</summary>
    /// <param name="probabilities">At least 0 each; NaN where the model has no such class.</param>
    /// <returns>0 to 2 − 2/Y for Y classes; NaN when they do not sum to a positive number.</returns>
    public static double DistanceToUniformL1(ReadOnlySpan<double> probabilities)
    {
        var (sum, classes) = Sum(probabilities);
        var distance = sum * 0;
        foreach (var p in probabilities)
        {
            distance += double.IsNaN(p) ? 0 : Math.Abs((p / sum) - (1.0 / classes));
        }

        return distance;
    }

    /// <summary>DTU in L2: √Σ (p_y − 1/Y)².</summary>
    /// <param name="probabilities">At least 0 each; NaN where the model has no such class.</param>
    /// <returns>0 to √(1 − 1/Y) for Y classes; NaN when they do not sum to a positive number.</returns>
    public static double DistanceToUniformL2(ReadOnlySpan<double> probabilities)
    {
        var (sum, classes) = Sum(probabilities);
        var squares = sum * 0;
        foreach (var p in probabilities)
        {
            var distance = double.IsNaN(p) ? 0 : (p / sum) - (1.0 / classes);
            squares += distance * distance;
        }

        return Math.Sqrt(squares);
    }

    private static (double Sum, int Classes) Sum(ReadOnlySpan<double> probabilities)
    {
        var (sum, classes) = (0.0, 0);
        foreach (var p in probabilities)
        {
            sum += double.IsNaN(p) ? 0 : p;
            classes += double.IsNaN(p) ? 0 : 1;
        }

        return (sum > 0 ? sum : double.NaN, classes);
    }
}
