namespace Cascade.Planning.Calibration;

/// <summary>
/// The pool-adjacent-violators algorithm (Ayer et al., Annals of Mathematical Statistics 26, 1955): the monotone sequence nearest to a given
/// one in weighted squares. O(n).
/// </summary>
internal static class PoolAdjacentViolators
{
    /// <summary>Pools in place: the first blocks of each span hold mean and weight, <paramref name="ends"/> the index behind each block's last value.</summary>
    /// <returns>The number of blocks; neighbouring blocks have different means.</returns>
    public static int Pool(Span<double> values, Span<double> weights, Span<int> ends, IsotonicDirection direction)
    {
        var sign = direction == IsotonicDirection.NonIncreasing ? -1 : 1;
        var size = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var (value, weight) = (values[i], weights[i]);
            while (size > 0 && sign * values[size - 1] >= sign * value)
            {
                var total = weights[size - 1] + weight;
                value = values[size - 1] + ((value - values[size - 1]) * (weight / total));
                weight = total;
                size--;
            }

            (values[size], weights[size], ends[size]) = (value, weight, i + 1);
            size++;
        }

        return size;
    }
}
