namespace Cascade.Planning.Features;

/// <summary>How a number is brought to a common scale: <c>(value − mean) / deviation</c>, cut to ±<see cref="Limit"/>.</summary>
/// <param name="Name">The number's name.</param>
/// <param name="Mean">Its mean over the rows it was fitted on.</param>
/// <param name="Deviation">Its standard deviation over those rows, above 0.</param>
public sealed record FeatureScale(string Name, double Mean, double Deviation)
{
    /// <summary>Largest scaled value: what lies further out than anything trained on must not carry a line to infinity.</summary>
    public const double Limit = 5;

    internal double Apply(double value) => double.IsFinite(value) ? Math.Clamp((value - Mean) / Deviation, -Limit, Limit) : 0;

    /// <summary>NaN and infinite values count as unknown; a column without spread gets the deviation 1.</summary>
    internal static FeatureScale Of(string name, ReadOnlySpan<double> column)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in column)
        {
            if (double.IsFinite(value))
            {
                sum += value;
                count++;
            }
        }

        var mean = count == 0 ? 0 : sum / count;
        var squares = 0.0;
        foreach (var value in column)
        {
            squares += double.IsFinite(value) ? (value - mean) * (value - mean) : 0;
        }

        var deviation = count == 0 ? 0 : Math.Sqrt(squares / count);
        return new FeatureScale(name, mean, double.IsFinite(deviation) && deviation > 1e-9 * (1 + Math.Abs(mean)) ? deviation : 1);
    }
}
