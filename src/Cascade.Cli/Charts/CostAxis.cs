using ScottPlot;
using ScottPlot.TickGenerators;

namespace Cascade.Cli.Charts;

/// <summary>An axis of costs: by powers of ten when they range over more than a factor of 20.</summary>
internal sealed class CostAxis
{
    private const double LogFrom = 20;
    private const int MostTicks = 8;

    private readonly bool _isDollars;
    private readonly double _low;
    private readonly double _high;

    private CostAxis(double low, double high, bool isDollars)
    {
        (_isDollars, IsLog) = (isDollars, low > 0 && high / low > LogFrom);
        var margin = IsLog ? 0.04 * Math.Log10(high / low) : 0.04 * (high - low);
        (_low, _high) = (IsLog ? Math.Log10(low) - margin : Math.Max(0, low - margin), IsLog ? Math.Log10(high) + margin : high + margin);
        if (!(_high > _low))
        {
            (_low, _high) = (_low * 0.9, _high > 0 ? _high * 1.1 : 1);
        }
    }

    public bool IsLog { get; }

    public string Label => (_isDollars ? "cost per request, dollars" : "cost per request, units of the publisher") + (IsLog ? " (logarithmic)" : "");

    public static CostAxis Of(IEnumerable<double> costs, bool isDollars)
    {
        var paid = costs.Where(c => c > 0 && double.IsFinite(c)).DefaultIfEmpty(1).ToList();
        return new CostAxis(paid.Min(), paid.Max(), isDollars);
    }

    /// <summary>The place of a cost on the axis; nothing is left of its beginning.</summary>
    public double At(double cost) => IsLog ? Math.Max(_low, cost > 0 ? Math.Log10(cost) : _low) : cost;

    public void Apply(Plot plot)
    {
        var ticks = Ticks().ToArray();
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. ticks.Select(At)], [.. ticks.Select(Text)]);
        plot.Axes.SetLimitsX(_low, _high);
        plot.XLabel(Label);
    }

    private IEnumerable<double> Ticks() => IsLog ? LogTicks() : LinearTicks();

    private double[] LogTicks()
    {
        double[][] steps = [[1, 2, 5], [1, 3], [1]];
        foreach (var step in steps)
        {
            double[] ticks =
            [
                .. Enumerable.Range((int)Math.Floor(_low), (int)(Math.Ceiling(_high) - Math.Floor(_low)) + 1)
                    .SelectMany(power => step.Select(s => s * Math.Pow(10, power)))
                    .Where(t => Math.Log10(t) >= _low && Math.Log10(t) <= _high),
            ];
            if (ticks.Length <= MostTicks || step.Length == 1)
            {
                return ticks;
            }
        }

        return [];
    }

    private IEnumerable<double> LinearTicks()
    {
        var raw = (_high - _low) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = power * ((raw / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        for (var i = (long)Math.Ceiling(_low / step); i * step <= _high; i++)
        {
            yield return i * step;
        }
    }

    private string Text(double cost)
    {
        var text = cost.ToString("0.############", System.Globalization.CultureInfo.InvariantCulture);
        return _isDollars ? "$" + text : text;
    }
}
