using Cascade.Planning.Estimation;
using Cascade.Planning.Features;
using Cascade.Planning.Outcomes;
using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Cascade.Learning;

/// <summary>
/// Logistic regression of quality and Poisson regression of cost by ML.NET's L-BFGS, exported to a <see cref="LinearEstimator"/>: an implementation
/// by others to hold Cascade.Planning's own <see cref="LogisticTrainer"/> against.
/// </summary>
public sealed class LbfgsTrainer : ShrinkingTrainer
{
    /// <inheritdoc />
    public override string Name => "mlnet-logistic";

    /// <summary>The features; tasks and scales are taken from the training rows.</summary>
    public FeatureSpec Features { get; init; } = new();

    /// <summary>λ₂ against the mean deviance, above 0: what <see cref="LogisticTrainer.Penalties"/> are, but one for all.</summary>
    public double Penalty { get; init; } = 0.003;

    /// <inheritdoc />
    protected override Estimator TrainPlain(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        var means = ModelMeans.Of(table);
        var spec = Features.FitTo(table);
        var context = BoostedTrainer.Context(seed);
        var examples = new ExampleSet(context, table, spec);
        return new LinearEstimator
        {
            Features = spec,
            Means = means,
            Quality = [.. Enumerable.Range(0, table.ModelCount).Select(m => ExampleSet.IsConstant(table.Quality(m))
                ? Constant(means.Quality[m], examples.Dimension)
                : Quality(Classifier(context, table.RowCount).Fit(examples.Quality(m))))],
            CostUsd = [.. Enumerable.Range(0, table.ModelCount).Select(m => ExampleSet.IsConstant(table.CostUsd(m))
                ? Constant(means.CostUsd[m], examples.Dimension)
                : Cost(Regressor(context, table.RowCount).Fit(examples.Cost(m, means.CostUsd[m])), means.CostUsd[m]))],
        };
    }

    /// <summary>ML.NET adds up the rows' deviances; here a penalty is against their mean.</summary>
    internal LbfgsLogisticRegressionBinaryTrainer Classifier(MLContext context, int rows) => context.BinaryClassification.Trainers.LbfgsLogisticRegression(
        new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            LabelColumnName = nameof(Example.Label),
            FeatureColumnName = nameof(Example.Features),
            ExampleWeightColumnName = nameof(Example.Weight),
            L1Regularization = 0,
            L2Regularization = (float)(Penalty * rows),
            OptimizationTolerance = 1e-7f,
            NumberOfThreads = 1,
        });

    internal LbfgsPoissonRegressionTrainer Regressor(MLContext context, int rows) => context.Regression.Trainers.LbfgsPoissonRegression(
        new LbfgsPoissonRegressionTrainer.Options
        {
            LabelColumnName = nameof(Example.Target),
            FeatureColumnName = nameof(Example.Features),
            ExampleWeightColumnName = nameof(Example.Weight),
            L1Regularization = 0,
            L2Regularization = (float)(Penalty * rows),
            OptimizationTolerance = 1e-7f,
            NumberOfThreads = 1,
        });

    internal static LinearHead Quality(BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> model)
    {
        var (linear, calibrator) = (model.Model.SubModel, model.Model.Calibrator);
        return new LinearHead
        {
            Link = LinkFunction.Logistic,
            Intercept = (-calibrator.Slope * linear.Bias) - calibrator.Offset,
            Weights = [.. linear.Weights.Select(weight => (float)(-calibrator.Slope * weight))],
        };
    }

    internal static LinearHead Cost(RegressionPredictionTransformer<PoissonRegressionModelParameters> model, double mean) => new()
    {
        Link = LinkFunction.Exponential,
        Intercept = model.Model.Bias,
        Weights = [.. model.Model.Weights],
        Scale = mean,
    };

    private static LinearHead Constant(double value, int dimension) =>
        new() { Link = LinkFunction.Identity, Intercept = value, Weights = [.. new float[dimension]] };
}
