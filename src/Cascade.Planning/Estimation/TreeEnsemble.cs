using System.Collections.Immutable;

namespace Cascade.Planning.Estimation;

/// <summary>
/// A sum of regression trees in flat arrays: <c>scale · link(intercept + slope · Σ leaf)</c>. Node <c>i</c> sends a vector to <c>Left[i]</c> iff
/// <c>(float)x[Feature[i]] ≤ Threshold[i]</c>, else to <c>Right[i]</c>; a negative child is the leaf with the number <c>~child</c>.
/// </summary>
public sealed record TreeEnsemble
{
    /// <summary>The link.</summary>
    public required LinkFunction Link { get; init; }

    /// <summary>Added to the sum of leaves.</summary>
    public double Intercept { get; init; }

    /// <summary>Factor on the sum of leaves.</summary>
    public double Slope { get; init; } = 1;

    /// <summary>Factor on the linked sum, at least 0: for costs, dollars per unit.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Where each tree begins: a node, or a leaf as a negative number.</summary>
    public required ImmutableArray<int> Roots { get; init; }

    /// <summary>The place in the features' vector that each node looks at.</summary>
    public required ImmutableArray<int> Feature { get; init; }

    /// <summary>The largest value that goes left, by node.</summary>
    public required ImmutableArray<float> Threshold { get; init; }

    /// <summary>The left child of each node; a node comes after its parent.</summary>
    public required ImmutableArray<int> Left { get; init; }

    /// <summary>The right child of each node; a node comes after its parent.</summary>
    public required ImmutableArray<int> Right { get; init; }

    /// <summary>The values of the leaves.</summary>
    public required ImmutableArray<double> Leaves { get; init; }

    internal double Evaluate(ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var root in Roots)
        {
            var at = root;
            while (at >= 0)
            {
                at = vector[Feature[at]] <= Threshold[at] ? Left[at] : Right[at];
            }

            sum += Leaves[~at];
        }

        return Scale * Links.Apply(Link, Intercept + (Slope * sum));
    }

    /// <summary>Children that come after their parents make every walk end.</summary>
    internal void Require(string name, int dimension)
    {
        var nodes = Feature.Length;
        var sound = Enum.IsDefined(Link) && Link != LinkFunction.None && double.IsFinite(Intercept) && double.IsFinite(Slope)
            && Scale is >= 0 and <= ColumnCheck.Largest
            && Threshold.Length == nodes && Left.Length == nodes && Right.Length == nodes
            && Leaves.All(double.IsFinite) && Roots.All(r => Exists(r, -1)) && Feature.All(f => f >= 0 && f < dimension);
        for (var i = 0; sound && i < nodes; i++)
        {
            sound = Exists(Left[i], i) && Exists(Right[i], i);
        }

        if (!sound)
        {
            throw new ArgumentException(
                $"{name} is not usable; give a link, finite numbers, features below {dimension} and children that are leaves or later nodes");
        }

        bool Exists(int child, int parent) => child < 0 ? ~child < Leaves.Length : child > parent && child < nodes;
    }
}
