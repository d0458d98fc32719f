using Cascade.Planning.Fitting;
using Cascade.Planning.Frontier;
using ScottPlot;

namespace Cascade.Cli.Charts;

/// <summary>Quality against cost: every strategy on the queries kept apart, single models, the unreachable oracle, and where the plan's models change.</summary>
internal static class FrontierChart
{
    private const float ThinLine = 1.6f;
    private const float ThickLine = 3.2f;
    private const int OffsetPixels = 9;
    private const double LabelOpacity = 0.75;

    public static ChartImage Draw(string key, string dataset, FitRun run, bool isDollars)
    {
        var title = $"Quality and cost, {dataset}";
        var fitted = run.Strategies.Where(s => s.Status == StrategyStatus.Fitted).ToList();
        var chosen = run.Of(Cascade.Planning.Selection.AutoChoice.StrategyName);
        var singles = run.References.Singles;
        var axis = CostAxis.Of(singles.Select(s => s.CostUsd).Concat(fitted.SelectMany(s => s.Report!.Points.Select(p => p.CostUsd))), isDollars);
        var plot = ChartBuilder.New(title, axis.Label, "mean quality");
        AddOracle(plot, run, axis);
        foreach (var same in Evaluating.SameStrategies.Of(run).OrderBy(g => g.Shown.Strategy == chosen.Strategy).ThenBy(g => g.Shown.Strategy, StringComparer.Ordinal))
        {
            AddStrategy(plot, same, StrategyStyle.Of(same.Shown.Strategy, Fitting.StrategySet.NameList), axis, same.Shown.Strategy == chosen.Strategy);
        }

        AddSwitches(plot, run, chosen, axis);
        axis.Apply(plot);
        var (low, high) = Limits(run, fitted);
        plot.Axes.SetLimitsY(low, high);
        ChartBuilder.UnitTicks(plot.Axes.Left, low, high);
        AddSingles(plot, run, axis, high - low);
        ChartBuilder.Legend(plot);
        return ChartBuilder.Render(
            plot, key, title,
            $"Mean quality against mean cost per request on {run.Outcomes.Report.RowCount} queries that were kept apart, for {fitted.Count} strategies, "
            + $"{singles.Length} single models and the oracle that knows outcomes beforehand. The plan is {chosen.Strategy}.");
    }

    /// <summary>Places on a frontier from which on other models serve.</summary>
    public static IEnumerable<int> Switches(FitRun run, StrategyRun strategy)
    {
        string[] names = [.. run.Context.Models.Select(m => m.Name)];
        var points = strategy.Report!.Points;
        return Enumerable.Range(1, points.Length - 1).Where(i => Shape(i) != Shape(i - 1));

        string Shape(int i) => Plans.PolicyText.Shape(strategy.Fitted!.Candidates[points[i].Candidate].Policy, names);
    }

    private static void AddStrategy(Plot plot, Evaluating.SameStrategies same, StrategyStyle style, CostAxis axis, bool isChosen)
    {
        var strategy = same.Shown;
        var points = strategy.Report!.Points.OrderBy(p => p.CostUsd).ThenBy(p => p.Quality).ToArray();
        var line = plot.Add.Scatter(points.Select(p => axis.At(p.CostUsd)).ToArray(), points.Select(p => p.Quality).ToArray());
        line.Color = ChartTheme.ColorOf(style.Hex);
        line.LineWidth = isChosen ? ThickLine : ThinLine;
        line.LinePattern = style.Line;
        line.MarkerShape = style.Marker;
        line.MarkerSize = isChosen ? 8 : points.Length > 20 ? 0 : 5;
        line.LegendText = strategy.Strategy + (isChosen ? ": the plan" : "") + (same.Others.Count > 0 ? $" (+{same.Others.Count} alike)" : "");
    }

    private static void AddOracle(Plot plot, FitRun run, CostAxis axis)
    {
        var oracle = run.References.UnreachableOracle;
        var line = plot.Add.ScatterLine(oracle.Select(p => axis.At(p.CostUsd)).ToArray(), oracle.Select(p => p.Quality).ToArray());
        line.Color = ChartTheme.ColorOf(ChartTheme.Muted);
        line.LinePattern = LinePattern.Dotted;
        line.LineWidth = ThinLine;
        line.LegendText = "oracle, out of reach";
    }

    private static void AddSwitches(Plot plot, FitRun run, StrategyRun chosen, CostAxis axis)
    {
        var points = chosen.Report!.Points;
        int[] places = [.. Switches(run, chosen)];
        if (places.Length == 0)
        {
            return;
        }

        var marks = plot.Add.ScatterPoints(places.Select(i => axis.At(points[i].CostUsd)).ToArray(), places.Select(i => points[i].Quality).ToArray());
        marks.MarkerShape = MarkerShape.OpenCircle;
        marks.MarkerSize = 15;
        marks.MarkerLineWidth = 1.6f;
        marks.Color = ChartTheme.ColorOf(ChartTheme.Ink);
        marks.LegendText = "switching point";
    }

    private static void AddSingles(Plot plot, FitRun run, CostAxis axis, double height)
    {
        var singles = run.References.Singles;
        var marks = plot.Add.ScatterPoints(singles.Select(s => axis.At(s.CostUsd)).ToArray(), singles.Select(s => s.Quality).ToArray());
        marks.MarkerShape = MarkerShape.FilledDiamond;
        marks.MarkerSize = 10;
        marks.Color = ChartTheme.ColorOf(ChartTheme.Ink);
        marks.LegendText = "single model";
        var limits = plot.Axes.GetLimits();
        var placed = new List<(double X, double Y, double Width)>();
        foreach (var single in singles.OrderBy(s => s.CostUsd).ThenBy(s => s.Quality))
        {
            AddName(plot, run.Context.Models[single.Policy].Name, axis.At(single.CostUsd), single, limits, height, placed);
        }
    }

    /// <summary>Names go to the right of their mark, or to the left near the edge, and step aside from names that are there already.</summary>
    private static void AddName(
        Plot plot, string name, double x, FrontierPoint single, AxisLimits limits, double height, List<(double X, double Y, double Width)> placed)
    {
        const double Letter = 0.0135;
        const double Line = 0.038;
        var width = name.Length * Letter * limits.HorizontalSpan;
        var isLeft = x + width > limits.Right;
        var from = isLeft ? x - width : x;
        double[] steps = [0, -1, 1, -2, 2, -3, 3];
        var y = steps.Select(s => single.Quality + (s * Line * height))
            .Where(at => at > limits.Bottom && at < limits.Top)
            .FirstOrDefault(at => placed.All(p => Math.Abs(p.Y - at) > Line * 0.95 * height || p.X > from + width || p.X + p.Width < from), double.NaN);
        if (double.IsNaN(y))
        {
            return;
        }

        placed.Add((from, y, width));
        var text = plot.Add.Text(name, x, y);
        text.LabelFontSize = 12;
        text.LabelFontName = ChartTheme.Font ?? text.LabelFontName;
        text.LabelBackgroundColor = ChartTheme.ColorOf(ChartTheme.Paper).WithAlpha(LabelOpacity);
        text.LabelFontColor = ChartTheme.ColorOf(ChartTheme.Ink);
        text.LabelAlignment = isLeft ? Alignment.MiddleRight : Alignment.MiddleLeft;
        text.OffsetX = isLeft ? -OffsetPixels : OffsetPixels;
    }

    private static (double Low, double High) Limits(FitRun run, List<StrategyRun> fitted)
    {
        var qualities = fitted.SelectMany(s => s.Report!.Points.Select(p => p.Quality))
            .Concat(run.References.Singles.Select(s => s.Quality)).Append(run.References.UnreachableOracle[^1].Quality).ToList();
        var (low, high) = (qualities.Min(), qualities.Max());
        var margin = Math.Max(0.01, 0.06 * (high - low));
        return (Math.Max(0, low - margin), Math.Min(1.01, high + margin));
    }
}
