namespace Cascade.Planning.Fitting;

/// <summary>A way of choosing among models that can be fitted on recorded outcomes.</summary>
public interface ICascadeStrategy
{
    /// <summary>A stable name, used in plans, reports and on the command line, for example <c>pairwise-envelope</c>.</summary>
    string Name { get; }

    /// <summary>
    /// How much there is to it, to prefer the simpler of two that are as good: 0 looks at nothing, 1 at one score, 2 at several, 3 at what a
    /// model learned from the query, 4 at all of that before every step. Only the order counts.
    /// </summary>
    int Complexity => 2;

    /// <summary>Why the strategy cannot be fitted on these outcomes, for example because they lack a signal it needs; null when it can.</summary>
    /// <param name="context">The outcomes.</param>
    /// <returns>The reason with its repair, or null.</returns>
    string? Unfit(FitContext context);

    /// <summary>Fits.</summary>
    /// <param name="context">The outcomes.</param>
    /// <returns>The operating points the strategy offers.</returns>
    /// <exception cref="ArgumentException"><see cref="Unfit"/> has a reason.</exception>
    FittedStrategy Fit(FitContext context);
}
