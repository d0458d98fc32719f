using Cascade.Planning.Estimation;
using Microsoft.ML.Trainers.FastTree;

namespace Cascade.Learning;

/// <summary>Copies ML.NET's trees into flat arrays.</summary>
internal static class TreeExport
{
    /// <summary>The trees with a link still to be set; in both, a negative child is the leaf of its complement, and nodes come after their parents.</summary>
    public static TreeEnsemble Of(RegressionTreeEnsemble ensemble, LinkFunction link)
    {
        var (roots, feature, threshold) = (new List<int>(), new List<int>(), new List<float>());
        var (left, right, leaves) = (new List<int>(), new List<int>(), new List<double>());
        for (var t = 0; t < ensemble.Trees.Count; t++)
        {
            var (tree, weight) = (ensemble.Trees[t], ensemble.TreeWeights[t]);
            if (tree.CategoricalSplitFlags.Any(flag => flag))
            {
                throw new NotSupportedException("a tree splits by category, which no feature of a query is");
            }

            var (firstNode, firstLeaf) = (feature.Count, leaves.Count);
            roots.Add(tree.NumberOfNodes == 0 ? ~firstLeaf : firstNode);
            for (var n = 0; n < tree.NumberOfNodes; n++)
            {
                feature.Add(tree.NumericalSplitFeatureIndexes[n]);
                threshold.Add(tree.NumericalSplitThresholds[n]);
                left.Add(Move(tree.LeftChild[n], firstNode, firstLeaf));
                right.Add(Move(tree.RightChild[n], firstNode, firstLeaf));
            }

            leaves.AddRange(tree.LeafValues.Select(value => value * weight));
        }

        return new TreeEnsemble
        {
            Link = link,
            Roots = [.. roots],
            Feature = [.. feature],
            Threshold = [.. threshold],
            Left = [.. left],
            Right = [.. right],
            Leaves = [.. leaves],
        };
    }

    public static TreeEnsemble Constant(double value) => new()
    {
        Link = LinkFunction.Identity,
        Intercept = value,
        Roots = [],
        Feature = [],
        Threshold = [],
        Left = [],
        Right = [],
        Leaves = [],
    };

    private static int Move(int child, int firstNode, int firstLeaf) => child < 0 ? ~(firstLeaf + ~child) : firstNode + child;
}
