namespace Cascade.Planning.Pacing;

/// <summary>The weights of <see cref="PidPacer"/>. Immutable; validated when a pacer is created from it.</summary>
public sealed record PidGains
{
    /// <summary>K_p, the weight of the overspend now, above 0 to 10. The default is 0.3.</summary>
    public double Proportional { get; init; } = 0.3;

    /// <summary>K_i, the weight of the overspend added up, 0 to 10. The default is 0.1.</summary>
    public double Integral { get; init; } = 0.1;

    /// <summary>K_d, the weight of the overspend's change, 0 to 10. The default is 0.5.</summary>
    public double Derivative { get; init; } = 0.5;

    /// <summary>Requests over which the overspend is averaged, at least 1. The default is 20: one call can cost many times the plan.</summary>
    public double SmoothingRequests { get; init; } = 20;

    /// <summary>Anti-windup: the most that the sum of overspend may be, in plans of √N requests, above 0. The default is 3.</summary>
    public double IntegralLimit { get; init; } = 3;

    internal void Require()
    {
        var problems = new List<string>();
        Check(Proportional is > 0 and <= 10, $"Proportional {Proportional} is outside 0 to 10; the default is 0.3");
        Check(Integral is >= 0 and <= 10, $"Integral {Integral} is outside 0 to 10; the default is 0.1");
        Check(Derivative is >= 0 and <= 10, $"Derivative {Derivative} is outside 0 to 10; the default is 0.5");
        Check(SmoothingRequests is >= 1 and <= 1e9, $"SmoothingRequests {SmoothingRequests} is below 1; the default is 20");
        Check(IntegralLimit is > 0 and <= 1e6, $"IntegralLimit {IntegralLimit} is not above 0; the default is 3");
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems), "gains");
        }

        void Check(bool isRight, string problem)
        {
            if (!isRight)
            {
                problems.Add(problem);
            }
        }
    }
}
