using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>Trains the context-free baseline.</summary>
public sealed class MeanTrainer : IEstimatorTrainer
{
    /// <inheritdoc />
    public string Name => "mean";

    /// <inheritdoc />
    public Estimator Train(OutcomeTable table, ulong seed) => new MeanEstimator { Means = ModelMeans.Of(table) };
}
