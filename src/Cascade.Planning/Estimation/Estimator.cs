using System.Text.Json.Serialization;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Estimates, before any model runs, what each of them would deliver on a query and cost. Data: a plan document holds it, and
/// <see cref="Compile"/> makes it executable.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")]
[JsonDerivedType(typeof(MeanEstimator), "mean")]
[JsonDerivedType(typeof(PerTaskMeanEstimator), "per-task-mean")]
[JsonDerivedType(typeof(LinearEstimator), "linear")]
[JsonDerivedType(typeof(TreeEnsembleEstimator), "trees")]
[JsonDerivedType(typeof(KnnEstimator), "nearest-neighbours")]
[JsonDerivedType(typeof(ShrunkEstimator), "shrunk")]
public abstract record Estimator
{
    /// <summary>The number of models that it estimates.</summary>
    [JsonIgnore]
    public abstract int ModelCount { get; }

    /// <summary>What its estimates depend on. Estimates of a query that lacks some of it are not those that were measured.</summary>
    [JsonIgnore]
    public abstract QueryReads Reads { get; }

    /// <summary>Makes the estimator executable.</summary>
    /// <returns>The estimator of single queries.</returns>
    /// <exception cref="ArgumentException">A number of it is outside its range; the message says which.</exception>
    public abstract IQueryEstimator Compile();

    /// <summary>Estimates every row of a table.</summary>
    /// <param name="table">The table; its models are those the estimator was trained for, in the same order.</param>
    /// <returns>The estimates.</returns>
    public PriorMatrix EstimateAll(OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var k = table.ModelCount;
        var quality = new double[table.RowCount * k];
        var cost = new double[table.RowCount * k];
        var compiled = Compile();
        for (var row = 0; row < table.RowCount; row++)
        {
            compiled.Estimate(QueryFacts.Of(table, row), quality.AsSpan(row * k, k), cost.AsSpan(row * k, k));
        }

        return new PriorMatrix(k, quality, cost);
    }
}

/// <summary>An executable estimator. Thread-safe.</summary>
public interface IQueryEstimator
{
    /// <summary>Estimates one query.</summary>
    /// <param name="query">What is known of the query.</param>
    /// <param name="quality">Takes q̂ of each model, 0 to 1.</param>
    /// <param name="costUsd">Takes ĉ of each model in dollars, at least 0.</param>
    void Estimate(in QueryFacts query, Span<double> quality, Span<double> costUsd);
}

/// <summary>Trains an estimator.</summary>
public interface IEstimatorTrainer
{
    /// <summary>A stable name, for example <c>logistic</c>.</summary>
    string Name { get; }

    /// <summary>Trains on outcomes.</summary>
    /// <param name="table">Rows to train on; every model has an outcome on every row.</param>
    /// <param name="seed">Decides whatever is drawn at random: the same seed gives the same estimator.</param>
    /// <returns>The estimator.</returns>
    Estimator Train(OutcomeTable table, ulong seed);
}
