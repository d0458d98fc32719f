using System.Collections.Immutable;
using Cascade.Planning.Features;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Estimation;

/// <summary>
/// Trains a <see cref="LinearEstimator"/>: per model a logistic regression of quality (shares between 0 and 1 count as that much right) and a
/// log-linear regression of cost on the features of the query, with a penalty chosen by five-fold cross-validation for each.
/// </summary>
/// <remarks>All regressions of a fold are solved at once by L-BFGS. Time: about (penalties · 5 + 1) · iterations · rows · entries · models.</remarks>
public sealed class LogisticTrainer : ShrinkingTrainer
{
    private const int Memory = 6;

    /// <summary>A penalty is chosen by differences in deviance that a coarse optimum shows as well.</summary>
    private const double CoarseFactor = 10;

    /// <inheritdoc />
    public override string Name => "logistic";

    /// <summary>The features; tasks and scales are taken from the training rows.</summary>
    public FeatureSpec Features { get; init; } = new();

    /// <summary>The penalties tried (λ₂ on half the squared length of the weights, against the mean deviance), above 0 and falling.</summary>
    public ImmutableArray<double> Penalties { get; init; } = [0.1, 0.03, 0.01, 0.003];

    /// <summary>Most steps of the optimiser per penalty and fold, at least 1.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>The optimiser stops when no part of the gradient is larger, above 0.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <inheritdoc />
    protected override Estimator TrainPlain(OutcomeTable table, ulong seed) => TrainRaw(table, seed).Estimator;

    /// <inheritdoc />
    protected override CrossFitted TrainRaw(OutcomeTable table, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(table);
        Require();
        var means = ModelMeans.Of(table);
        var spec = Features.FitTo(table);
        var features = FeatureRows.Of(spec, table);
        var links = Links(table.ModelCount);
        var targets = Targets(table, means);
        var stride = LinearProblem.StrideOf(links.Length);
        var fold = CrossFit.FoldOf(table, seed);
        var predictions = new double[Penalties.Length][];
        for (var p = 0; p < predictions.Length; p++)
        {
            predictions[p] = new double[table.RowCount * stride];
        }

        Parallel.For(0, CrossFit.Folds, f => FitPath(features, targets, links, CrossFit.Part(fold, f), predictions));
        var (ridge, chosen) = Choose(predictions, targets, links, table.RowCount, stride);
        var problem = new LinearProblem(features, targets, links, [.. Enumerable.Range(0, table.RowCount)]);
        var weights = problem.Intercepts();
        Solve(problem, ridge, weights, Tolerance);
        var estimator = new LinearEstimator
        {
            Features = spec,
            Means = means,
            Quality = [.. Enumerable.Range(0, table.ModelCount).Select(m => Head(weights, problem, m, links[m], 1))],
            CostUsd = [.. Enumerable.Range(0, table.ModelCount).Select(m =>
                Head(weights, problem, table.ModelCount + m, links[table.ModelCount + m], means.CostUsd[m]))],
        };

        // Where there is but one question, nothing can be learned of it from others.
        return new CrossFitted(
            estimator,
            fold.AsSpan().ContainsAnyExcept(fold[0])
                ? OutOfFold(predictions, chosen, means, table.RowCount, stride)
                : new MeanEstimator { Means = means }.EstimateAll(table));
    }

    private static LinkFunction[] Links(int models) =>
        [.. Enumerable.Repeat(LinkFunction.Logistic, models), .. Enumerable.Repeat(LinkFunction.Exponential, models)];

    private static double[] Targets(OutcomeTable table, ModelMeans means)
    {
        var k = table.ModelCount;
        var stride = LinearProblem.StrideOf(2 * k);
        var targets = new double[table.RowCount * stride];
        for (var m = 0; m < k; m++)
        {
            var quality = table.Quality(m);
            var cost = table.CostUsd(m);
            for (var row = 0; row < table.RowCount; row++)
            {
                targets[(row * stride) + m] = quality[row];
                targets[(row * stride) + k + m] = means.CostUsd[m] > 0 ? cost[row] / means.CostUsd[m] : 1;
            }
        }

        return targets;
    }

    /// <summary>From the strongest penalty down, each fit starting at the one before it.</summary>
    private void FitPath(FeatureRows features, double[] targets, LinkFunction[] links, (int[] Inside, int[] Outside) part, double[][] predictions)
    {
        var stride = LinearProblem.StrideOf(links.Length);
        if (part.Inside.Length == 0 || part.Outside.Length == 0)
        {
            return;
        }

        var problem = new LinearProblem(features, targets, links, part.Outside);
        var weights = problem.Intercepts();
        for (var p = 0; p < Penalties.Length; p++)
        {
            var ridge = new double[links.Length];
            Array.Fill(ridge, Penalties[p]);
            Solve(problem, ridge, weights, CoarseFactor * Tolerance);
            foreach (var row in part.Inside)
            {
                problem.Forward(row, weights, predictions[p].AsSpan(row * stride, stride));
            }
        }
    }

    private void Solve(LinearProblem problem, double[] ridge, double[] weights, double tolerance)
    {
        var diagonal = new double[problem.Size];
        for (var i = 0; i < diagonal.Length; i++)
        {
            var head = i % problem.Stride;
            diagonal[i] = problem.Curvature[i] + (head < ridge.Length ? ridge[head] : 1);
        }

        new LimitedMemoryBfgs(Memory, MaxIterations, tolerance).Minimise(Objective, diagonal, weights);

        double Objective(ReadOnlySpan<double> point, Span<double> gradient) => problem.Evaluate(point, ridge, gradient);
    }

    /// <summary>For each head the penalty with the least deviance out of fold; of equals the strongest.</summary>
    private (double[] Ridge, int[] Chosen) Choose(double[][] predictions, double[] targets, LinkFunction[] links, int rows, int stride)
    {
        var (ridge, chosen) = (new double[links.Length], new int[links.Length]);
        for (var h = 0; h < links.Length; h++)
        {
            var best = double.PositiveInfinity;
            for (var p = 0; p < predictions.Length; p++)
            {
                var loss = 0.0;
                for (var row = 0; row < rows; row++)
                {
                    loss += LinearProblem.Deviance(links[h], predictions[p][(row * stride) + h], targets[(row * stride) + h]);
                }

                if (loss < best)
                {
                    (best, chosen[h]) = (loss, p);
                }
            }

            ridge[h] = Penalties[chosen[h]];
        }

        return (ridge, chosen);
    }

    private static LinearHead Head(double[] weights, LinearProblem problem, int head, LinkFunction link, double scale)
    {
        var own = new float[(problem.Size / problem.Stride) - 1];
        for (var j = 0; j < own.Length; j++)
        {
            own[j] = (float)weights[(j * problem.Stride) + head];
        }

        return new LinearHead { Link = link, Intercept = weights[(own.Length * problem.Stride) + head], Weights = [.. own], Scale = scale };
    }

    private static PriorMatrix OutOfFold(double[][] predictions, int[] chosen, ModelMeans means, int rows, int stride)
    {
        var k = means.Quality.Length;
        var (quality, cost) = (new double[rows * k], new double[rows * k]);
        for (var row = 0; row < rows; row++)
        {
            for (var m = 0; m < k; m++)
            {
                quality[(row * k) + m] = Estimation.Links.Apply(LinkFunction.Logistic, predictions[chosen[m]][(row * stride) + m]);
                cost[(row * k) + m] = means.CostUsd[m] * Estimation.Links.Apply(LinkFunction.Exponential, predictions[chosen[k + m]][(row * stride) + k + m]);
            }
        }

        return new PriorMatrix(k, quality, cost);
    }

    private void Require()
    {
        if (Penalties.IsEmpty || Penalties.Any(p => p is not (> 0 and < 1e6)) || MaxIterations < 1 || !(Tolerance > 0))
        {
            throw new ArgumentException("give penalties above 0, at least 1 iteration and a tolerance above 0");
        }
    }
}
