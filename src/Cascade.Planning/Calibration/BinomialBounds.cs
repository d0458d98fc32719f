namespace Cascade.Planning.Calibration;

/// <summary>Bounds on a probability from k successes in n independent trials.</summary>
public static class BinomialBounds
{
    /// <summary>Most trials these functions take.</summary>
    public const int MaxTrials = 1_000_000;

    /// <summary>
    /// The exact one-sided lower bound of Clopper and Pearson (Biometrika 26, 1934): the δ-quantile of Beta(k, n − k + 1). All n right gives
    /// δ^(1/n).
    /// </summary>
    /// <param name="successes">k, 0 to n.</param>
    /// <param name="trials">n, 1 to <see cref="MaxTrials"/>.</param>
    /// <param name="delta">Probability of a bound above the truth, above 0 and below 1.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double ClopperPearsonLower(int successes, int trials, double delta)
    {
        Require(successes, trials, delta, nameof(delta));
        return successes == 0 ? 0 : SpecialFunctions.InverseRegularizedBeta(delta, successes, trials - successes + 1.0);
    }

    /// <summary>The exact one-sided upper bound: the (1 − δ)-quantile of Beta(k + 1, n − k).</summary>
    /// <param name="successes">k, 0 to n.</param>
    /// <param name="trials">n, 1 to <see cref="MaxTrials"/>.</param>
    /// <param name="delta">Probability of a bound below the truth, above 0 and below 1.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static double ClopperPearsonUpper(int successes, int trials, double delta)
    {
        Require(successes, trials, delta, nameof(delta));
        return 1 - ClopperPearsonLower(trials - successes, trials, delta);
    }

    /// <summary>The exact two-sided interval, (1 − confidence)/2 on each side.</summary>
    /// <param name="successes">k, 0 to n.</param>
    /// <param name="trials">n, 1 to <see cref="MaxTrials"/>.</param>
    /// <param name="confidence">Above 0 and below 1, for example 0.95.</param>
    /// <returns>Both ends, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static (double Low, double High) ClopperPearson(int successes, int trials, double confidence)
    {
        Require(successes, trials, confidence, nameof(confidence));
        var side = (1 - confidence) / 2;
        return (ClopperPearsonLower(successes, trials, side), ClopperPearsonUpper(successes, trials, side));
    }

    /// <summary>
    /// Wilson's score interval (JASA 22, 1927): (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). Shorter than the exact one, for display.
    /// </summary>
    /// <param name="successes">k, 0 to n.</param>
    /// <param name="trials">n, 1 to <see cref="MaxTrials"/>.</param>
    /// <param name="confidence">Above 0 and below 1, for example 0.95.</param>
    /// <returns>Both ends, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public static (double Low, double High) Wilson(int successes, int trials, double confidence)
    {
        Require(successes, trials, confidence, nameof(confidence));
        var z = SpecialFunctions.NormalQuantile((1 + confidence) / 2);
        var (n, p) = ((double)trials, successes / (double)trials);
        var half = z * Math.Sqrt((p * (1 - p) / n) + (z * z / (4 * n * n)));
        var middle = p + (z * z / (2 * n));
        var scale = 1 + (z * z / n);
        return (
            successes == 0 ? 0 : (middle - half) / scale,
            successes == trials ? 1 : (middle + half) / scale);
    }

    internal static void Require(int successes, int trials, double level, string levelName)
    {
        if (trials is < 1 or > MaxTrials)
        {
            throw new ArgumentOutOfRangeException(nameof(trials), trials, $"give 1 to {MaxTrials} trials");
        }

        if (successes < 0 || successes > trials)
        {
            throw new ArgumentOutOfRangeException(nameof(successes), successes, $"give 0 to {trials}, the number of trials");
        }

        if (level is not (> 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(levelName, level, "give a number above 0 and below 1");
        }
    }
}
