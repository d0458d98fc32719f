using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Pacing.Simulation;

/// <summary>What a simulation runs over: what every action delivered and cost on every row, what was expected of it, and the most it could cost.</summary>
public sealed class PacingRows
{
    /// <summary>Creates rows.</summary>
    /// <param name="recorded">Quality 0 to 1 and cost in dollars of every action on every row; at least one row.</param>
    /// <param name="estimates">q̂ and ĉ of the same actions on the same rows.</param>
    /// <param name="worstUsd">The most a call of each action can cost, in dollars: what is reserved. A dearer call is booked whole and counted as an overrun.</param>
    /// <param name="leastOverEstimate">
    /// How far that may be cut, as a multiple of ĉ, when less is left: a call is then made with fewer output tokens than its model allows. A high
    /// quantile of c/ĉ cuts few answers off (<see cref="CostRatios"/>); infinity never cuts.
    /// </param>
    /// <exception cref="ArgumentException">Sizes differ, there is no row, or a number is out of its range; the message names each wrong input.</exception>
    public PacingRows(PriorMatrix recorded, PriorMatrix estimates, ReadOnlySpan<double> worstUsd, ReadOnlySpan<double> leastOverEstimate)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(estimates);
        if (recorded.RowCount == 0 || recorded.RowCount != estimates.RowCount || recorded.ModelCount != estimates.ModelCount)
        {
            throw new ArgumentException(
                $"{recorded.RowCount} rows of {recorded.ModelCount} outcomes and {estimates.RowCount} rows of {estimates.ModelCount} estimates; give as many of both, at least one row",
                nameof(estimates));
        }

        var worst = new ColumnCheck(recorded.ModelCount);
        worst.Range(worstUsd, nameof(worstUsd), 0, ColumnCheck.LargestCost);
        worst.Length(leastOverEstimate.Length, nameof(leastOverEstimate));
        worst.Throw(nameof(worstUsd));
        foreach (var ratio in leastOverEstimate)
        {
            if (!(ratio >= 0))
            {
                throw new ArgumentException($"leastOverEstimate holds {ratio}; give a factor of 0 or more, or infinity", nameof(leastOverEstimate));
            }
        }

        RequireRange(recorded, nameof(recorded));
        RequireRange(estimates, nameof(estimates));
        (Recorded, Estimates, WorstUsd, LeastOverEstimate) = (recorded, estimates, [.. worstUsd], [.. leastOverEstimate]);
    }

    /// <summary>What every action delivered and cost.</summary>
    public PriorMatrix Recorded { get; }

    /// <summary>What was expected of it.</summary>
    public PriorMatrix Estimates { get; }

    /// <summary>The most a call of each action can cost, in dollars.</summary>
    public ImmutableArray<double> WorstUsd { get; }

    /// <summary>How far the worst case may be cut when less is left, as a multiple of ĉ.</summary>
    public ImmutableArray<double> LeastOverEstimate { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount => Recorded.RowCount;

    /// <summary>The number of actions.</summary>
    public int ActionCount => Recorded.ModelCount;

    /// <summary>The recorded outcomes of a table as a matrix.</summary>
    /// <param name="table">A table in which every model has an outcome with a known cost on every row.</param>
    /// <returns>Quality and cost, row by row.</returns>
    /// <exception cref="ArgumentException">An outcome is missing.</exception>
    public static PriorMatrix Matrix(OutcomeTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.CompleteRows().Length != table.RowCount)
        {
            throw new ArgumentException("an outcome or its cost is missing; select the table's complete rows first", nameof(table));
        }

        var k = table.ModelCount;
        var quality = new double[table.RowCount * k];
        var cost = new double[table.RowCount * k];
        for (var model = 0; model < k; model++)
        {
            for (var row = 0; row < table.RowCount; row++)
            {
                quality[(row * k) + model] = table.Quality(model)[row];
                cost[(row * k) + model] = table.CostUsd(model)[row];
            }
        }

        return new PriorMatrix(k, quality, cost);
    }

    /// <summary>A quantile of cost over estimated cost of each action.</summary>
    /// <param name="recorded">What actions cost.</param>
    /// <param name="estimates">What was expected of rows that the estimator had not seen; of the same size, at least one row.</param>
    /// <param name="quantile">The quantile, 0 to 1.</param>
    /// <returns>The ratio that this share of calls stays within, per action; infinite where a call with an estimate of 0 costs anything.</returns>
    /// <exception cref="ArgumentException">The sizes differ, or the quantile is outside its range.</exception>
    public static double[] CostRatios(PriorMatrix recorded, PriorMatrix estimates, double quantile)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(estimates);
        if (recorded.RowCount == 0 || recorded.RowCount != estimates.RowCount || recorded.ModelCount != estimates.ModelCount || quantile is not (>= 0 and <= 1))
        {
            throw new ArgumentException(
                $"{recorded.RowCount} rows of costs, {estimates.RowCount} of estimates, quantile {quantile}: give as many of both and a quantile from 0 to 1",
                nameof(estimates));
        }

        var ratios = new double[recorded.ModelCount];
        var column = new double[recorded.RowCount];
        for (var model = 0; model < ratios.Length; model++)
        {
            for (var row = 0; row < column.Length; row++)
            {
                var cost = recorded.CostUsd(row)[model];
                column[row] = cost > 0 ? cost / estimates.CostUsd(row)[model] : 0;
            }

            Array.Sort(column);
            ratios[model] = column[(int)Math.Min(column.Length - 1, quantile * column.Length)];
        }

        return ratios;
    }

    private static void RequireRange(PriorMatrix matrix, string name)
    {
        for (var row = 0; row < matrix.RowCount; row++)
        {
            var check = new ColumnCheck(matrix.ModelCount);
            check.Unit(matrix.Quality(row), $"{name} quality of row {row}");
            check.Range(matrix.CostUsd(row), $"{name} cost of row {row}", 0, ColumnCheck.LargestCost);
            check.Throw(name);
        }
    }
}
