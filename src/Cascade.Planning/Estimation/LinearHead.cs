using System.Collections.Immutable;

namespace Cascade.Planning.Estimation;

/// <summary>How a weighted sum becomes a prediction.</summary>
public enum LinkFunction
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>As it is.</summary>
    Identity = 1,

    /// <summary><c>1 / (1 + e^−z)</c>.</summary>
    Logistic = 2,

    /// <summary><c>e^z</c>.</summary>
    Exponential = 3,
}

/// <summary>One prediction of a linear model: <c>scale · link(intercept + Σ w_j x_j)</c>.</summary>
public sealed record LinearHead
{
    /// <summary>The link.</summary>
    public required LinkFunction Link { get; init; }

    /// <summary>The intercept.</summary>
    public required double Intercept { get; init; }

    /// <summary>The weights, one per place of the features' vector.</summary>
    public required ImmutableArray<float> Weights { get; init; }

    /// <summary>Factor on the linked sum, at least 0: for costs, dollars per unit.</summary>
    public double Scale { get; init; } = 1;

    internal double Finish(double sum) => Scale * Links.Apply(Link, Intercept + sum);
}
