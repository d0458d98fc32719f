using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using Cascade.Planning.Outcomes;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;

namespace Cascade.Learning;

/// <summary>
/// Gradient boosting by ML.NET's FastTree (MART, Friedman 2001), exported to a <see cref="TreeEnsembleEstimator"/>: serving needs no ML.NET. The same
/// rows and seed give the same trees on the same machine.
/// </summary>
public sealed class BoostedTrainer : ShrinkingTrainer
{
    /// <inheritdoc />
    public override string Name => "boosted";

    /// <summary>The features; tasks and scales are taken from the training rows. Trees need few buckets: a split looks at one.</summary>
    public FeatureSpec Features { get; init; } = new() { Buckets = 256, NumberWeight = 1 };

    /// <summary>Trees per model and quantity, at least 1.</summary>
    public int Trees { get; init; } = 60;

    /// <summary>Most leaves of a tree, at least 2.</summary>
    public int Leaves { get; init; } = 8;

    /// <summary>Fewest rows in a leaf, at least 1.</summary>
    public int RowsPerLeaf { get; init; } = 20;

    /// <summary>Step of the boosting, above 0.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <inheritdoc />
    protected override Estimator TrainPlain(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var means = ModelMeans.Of(table);
        var spec = Features.FitTo(table);
        var context = Context(seed);
        var examples = new ExampleSet(context, table, spec);
        return new TreeEnsembleEstimator
        {
            Features = spec,
            Means = means,
            Quality = [.. Enumerable.Range(0, table.ModelCount).Select(m =>
                ExampleSet.IsConstant(table.Quality(m)) ? TreeExport.Constant(means.Quality[m]) : Quality(Classifier(context, seed).Fit(examples.Quality(m))))],
            CostUsd = [.. Enumerable.Range(0, table.ModelCount).Select(m =>
                ExampleSet.IsConstant(table.CostUsd(m))
                    ? TreeExport.Constant(means.CostUsd[m])
                    : Cost(Regressor(context, seed).Fit(examples.Cost(m, means.CostUsd[m])), means.CostUsd[m]))],
        };
    }

    internal static MLContext Context(ulong seed) => new((int)(seed & int.MaxValue));

    internal FastTreeBinaryTrainer Classifier(MLContext context, ulong seed) => context.BinaryClassification.Trainers.FastTree(
        Set(new FastTreeBinaryTrainer.Options { LabelColumnName = nameof(Example.Label) }, seed));

    internal FastTreeRegressionTrainer Regressor(MLContext context, ulong seed) => context.Regression.Trainers.FastTree(
        Set(new FastTreeRegressionTrainer.Options { LabelColumnName = nameof(Example.Target) }, seed));

    /// <summary>ML.NET's probability is <c>1 / (1 + e^(slope · score + offset))</c>.</summary>
    internal static TreeEnsemble Quality(BinaryPredictionTransformer<CalibratedModelParametersBase<FastTreeBinaryModelParameters, PlattCalibrator>> model)
    {
        var calibrator = model.Model.Calibrator;
        var trees = TreeExport.Of(model.Model.SubModel.TrainedTreeEnsemble, LinkFunction.Logistic);
        return trees with { Slope = -calibrator.Slope, Intercept = -calibrator.Offset };
    }

    private static TreeEnsemble Cost(RegressionPredictionTransformer<FastTreeRegressionModelParameters> model, double mean) =>
        TreeExport.Of(model.Model.TrainedTreeEnsemble, LinkFunction.Identity) with { Scale = mean };

    private TOptions Set<TOptions>(TOptions options, ulong seed)
        where TOptions : BoostedTreeOptions
    {
        options.FeatureColumnName = nameof(Example.Features);
        options.ExampleWeightColumnName = nameof(Example.Weight);
        options.NumberOfTrees = Trees;
        options.NumberOfLeaves = Leaves;
        options.MinimumExampleCountPerLeaf = RowsPerLeaf;
        options.LearningRate = LearningRate;
        options.NumberOfThreads = 1;
        options.Seed = (int)(seed & int.MaxValue);
        return options;
    }
}
