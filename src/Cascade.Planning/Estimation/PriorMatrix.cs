namespace Cascade.Planning.Estimation;

/// <summary>What is expected of every model on every row before any runs.</summary>
public sealed class PriorMatrix
{
    private readonly double[] _quality;
    private readonly double[] _costUsd;

    /// <summary>Creates a matrix.</summary>
    /// <param name="models">The number of models, at least 1.</param>
    /// <param name="quality">q̂, 0 to 1: row by row, one value per model.</param>
    /// <param name="costUsd">ĉ in dollars, at least 0: row by row, one value per model.</param>
    /// <exception cref="ArgumentException">The lengths are not the same multiple of the number of models.</exception>
    public PriorMatrix(int models, double[] quality, double[] costUsd)
    {
        ArgumentNullException.ThrowIfNull(quality);
        ArgumentNullException.ThrowIfNull(costUsd);
        ArgumentOutOfRangeException.ThrowIfLessThan(models, 1);
        if (quality.Length != costUsd.Length || quality.Length % models != 0)
        {
            throw new ArgumentException($"{quality.Length} qualities and {costUsd.Length} costs do not make rows of {models} models", nameof(quality));
        }

        (ModelCount, _quality, _costUsd) = (models, quality, costUsd);
    }

    /// <summary>The number of models.</summary>
    public int ModelCount { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => _quality.Length / ModelCount;

    /// <summary>q̂ of every model on a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One value per model, 0 to 1.</returns>
    public ReadOnlySpan<double> Quality(int row) => _quality.AsSpan(row * ModelCount, ModelCount);

    /// <summary>ĉ of every model on a row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One value per model, in dollars.</returns>
    public ReadOnlySpan<double> CostUsd(int row) => _costUsd.AsSpan(row * ModelCount, ModelCount);
}
