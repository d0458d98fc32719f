using System.Collections.Immutable;
using System.Globalization;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Plans;

/// <summary>Holds a plan to its documented ranges, all problems at once, each with its path.</summary>
internal static class PlanCheck
{
    private const double SlopeTolerance = 1e-6;

    private static readonly double[] Probes = [0, 0.5, 1, -1e6, double.NegativeInfinity, double.PositiveInfinity, double.NaN];

    /// <summary>Most entries of each list but that of the models, which counts once per point.</summary>
    private const int MostEntries = 10_000;

    /// <summary>Most models.</summary>
    private const int MostModels = 1000;

    /// <summary>Whether a policy or an estimator can be made executable shows when it is; so what was made is handed on.</summary>
    /// <exception cref="PlanFormatException">The plan is not sound; names every problem.</exception>
    public static PlanParts Compile(PlanDocument plan)
    {
        var parts = new PlanParts();
        var problems = Lists(plan).ToList();
        if (problems.Count == 0)
        {
            problems = [.. Header(plan), .. Models(plan), .. Scores(plan), .. Estimator(plan, parts), .. Points(plan, parts), .. Tables(plan), .. Report(plan)];
        }

        return problems.Count == 0 ? parts : throw new PlanFormatException([.. problems]);
    }

    /// <summary>A list that was never set, or that is too long, is not looked at further.</summary>
    private static IEnumerable<PlanProblem> Lists(PlanDocument plan)
    {
        (string Path, int? Length, int Most)[] lists =
        [
            ("$.models", LengthOf(plan.Models), MostModels), ("$.scoreModels", LengthOf(plan.ScoreModels), MostModels),
            ("$.scoreSets", LengthOf(plan.ScoreSets), MostEntries), ("$.points", LengthOf(plan.Points), MostEntries),
            ("$.prices", LengthOf(plan.Prices), MostEntries), ("$.warmStart", LengthOf(plan.WarmStart), MostEntries),
            ("$.switches", LengthOf(plan.Switches), MostEntries), ("$.report.points", plan.Report is { } report ? LengthOf(report.Points) : 0, MostEntries),
        ];
        return lists.Where(list => !(list.Length <= list.Most)).Select(list => new PlanProblem(
            list.Path, list.Length is { } length ? $"has {length} entries where {list.Most} are read; give fewer" : "is not set; give a list, which may be empty"));
    }

    private static int? LengthOf<T>(ImmutableArray<T> list) => list.IsDefault ? null : list.Length;

    private static IEnumerable<PlanProblem> Header(PlanDocument plan)
    {
        if (plan.SchemaVersion != PlanDocument.CurrentVersion)
        {
            yield return new PlanProblem("$.schemaVersion", $"is {plan.SchemaVersion}; give {PlanDocument.CurrentVersion}");
        }

        foreach (var (path, name) in new[] { ("$.name", plan.Name), ("$.strategy", plan.Strategy) }.Where(entry => string.IsNullOrWhiteSpace(entry.Item2)))
        {
            yield return new PlanProblem(path, "is blank; give a name");
        }

        var data = plan.Data;
        if (data.Sha256.Length != 64 || data.Sha256.Any(c => !char.IsAsciiHexDigitLower(c)))
        {
            yield return new PlanProblem("$.data.sha256", "is not 64 lower-case hexadecimal digits; give the SHA-256 of what was read");
        }

        if (!(data.FitShare > 0) || !(data.ChooseShare > 0) || !(data.FitShare + data.ChooseShare <= 1))
        {
            yield return new PlanProblem("$.data.fitShare", $"{Show(data.FitShare)} and chooseShare {Show(data.ChooseShare)} are not shares above 0 of together at most 1");
        }

        (string Name, int Value)[] counts =
            [("queries", data.Queries), ("fitRows", data.FitRows), ("chooseRows", data.ChooseRows), ("reportRows", data.ReportRows)];
        foreach (var (name, value) in counts.Where(count => count.Value < 0))
        {
            yield return new PlanProblem($"$.data.{name}", $"{value} is below 0; give a count");
        }
    }

    private static IEnumerable<PlanProblem> Models(PlanDocument plan)
    {
        if (plan.Models.IsEmpty)
        {
            yield return new PlanProblem("$.models", "is empty; give at least one model");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < plan.Models.Length; i++)
        {
            var (path, model) = ($"$.models[{i}]", plan.Models[i]);
            if (string.IsNullOrWhiteSpace(model.Name) || !names.Add(model.Name))
            {
                yield return new PlanProblem($"{path}.name", $"'{model.Name}' is blank or there twice; give each model a name of its own");
            }

            foreach (var problem in Within($"{path}.quality", model.Quality, 0, 1).Concat(Within($"{path}.costUsd", model.CostUsd, 0, ColumnCheck.LargestCost))
                .Concat(Within($"{path}.judgeCostUsd", model.JudgeCostUsd, 0, ColumnCheck.LargestCost)))
            {
                yield return problem;
            }

            if (model.Rows < 1)
            {
                yield return new PlanProblem($"{path}.rows", $"{model.Rows} is below 1; give the rows that were averaged");
            }
        }
    }

    private static IEnumerable<PlanProblem> Scores(PlanDocument plan) =>
    [
        .. ScoreModels("$.scoreModels", plan.ScoreModels, plan.Models.Length),
        .. plan.ScoreSets.SelectMany((set, i) => ScoreModels($"$.scoreSets[{i}].scoreModels", set.ScoreModels, plan.Models.Length)),
    ];

    private static IEnumerable<PlanProblem> ScoreModels(string path, ImmutableArray<ScoreModel?> scores, int models)
    {
        var length = LengthOf(scores) ?? 0;
        if (length != models)
        {
            yield return new PlanProblem(path, $"has {length} entries for {models} models; give one each, null where answers are not scored");
        }

        for (var i = 0; i < length; i++)
        {
            if (scores[i] is { } score && Running($"{path}[{i}]", () => Probe(score)) is { } unusable)
            {
                yield return unusable;
            }
        }
    }

    private static IEnumerable<PlanProblem> Estimator(PlanDocument plan, PlanParts parts)
    {
        if (plan.Estimator is not { } estimator)
        {
            yield break;
        }

        if (Running("$.estimator", () => parts.Estimator = estimator.Compile()) is { } unfit)
        {
            yield return unfit;
        }
        else if (estimator.ModelCount != plan.Models.Length)
        {
            yield return new PlanProblem("$.estimator", $"is for {estimator.ModelCount} models where the plan has {plan.Models.Length}; give one that was trained for them");
        }
    }

    private static IEnumerable<PlanProblem> Points(PlanDocument plan, PlanParts parts)
    {
        if (plan.Points.IsEmpty)
        {
            yield return new PlanProblem("$.points", "is empty; give at least one operating point");
        }

        parts.Profiles = [.. plan.Models.Select(model => new ModelProfile { Name = model.Name, Quality = model.Quality, CostUsd = model.CostUsd })];
        for (var i = 0; i < plan.Points.Length; i++)
        {
            var (path, point) = ($"$.points[{i}]", plan.Points[i]);
            if (Running($"{path}.policy", () => parts.Policies.Add(point.Policy.Compile(parts.Profiles))) is { } unfit)
            {
                yield return unfit;
            }

            if (point.ScoreSet is { } set && (set < 0 || set >= plan.ScoreSets.Length))
            {
                yield return new PlanProblem($"{path}.scoreSet", $"{set} is not among the {plan.ScoreSets.Length} sets there are; give an index, or null for the plan's score models");
            }

            var problems = Within($"{path}.price", point.Price, 0, double.PositiveInfinity)
                .Concat(Figures(path, point.CostUsd, point.Quality, point.EscalationRate, point.AbstentionRate));
            foreach (var problem in problems)
            {
                yield return problem;
            }

            if (i > 0 && !(point.CostUsd.Mean > plan.Points[i - 1].CostUsd.Mean && point.Quality.Mean > plan.Points[i - 1].Quality.Mean))
            {
                yield return new PlanProblem(path, "does not cost more and deliver more than the point before it; give the corners of the hull by rising cost");
            }
        }

        if (plan.Prices.Length != Math.Max(0, plan.Points.Length - 1))
        {
            yield return new PlanProblem("$.prices", $"has {plan.Prices.Length} entries for {plan.Points.Length} points; give one between each two");
            yield break;
        }

        for (var i = 0; i < plan.Prices.Length; i++)
        {
            var (from, to) = (plan.Points[i], plan.Points[i + 1]);
            var slope = (to.Quality.Mean - from.Quality.Mean) / (to.CostUsd.Mean - from.CostUsd.Mean);
            if (!(Math.Abs(plan.Prices[i] - slope) <= SlopeTolerance * Math.Abs(slope)) || (i > 0 && !(plan.Prices[i] < plan.Prices[i - 1])))
            {
                yield return new PlanProblem(
                    $"$.prices[{i}]", $"{Show(plan.Prices[i])} is not the slope between its points, {Show(slope)}, below the price before it; give the corners of the hull");
            }
        }
    }

    private static IEnumerable<PlanProblem> Tables(PlanDocument plan)
    {
        for (var i = 0; i < plan.WarmStart.Length; i++)
        {
            var (path, entry) = ($"$.warmStart[{i}]", plan.WarmStart[i]);
            var isInOrder = i == 0 || (entry.BudgetUsd > plan.WarmStart[i - 1].BudgetUsd && entry.Price <= plan.WarmStart[i - 1].Price);
            if (!(entry.BudgetUsd >= 0) || !(entry.Price >= 0) || !isInOrder)
            {
                yield return new PlanProblem(path, "is not a budget above the one before it with a price, from 0, that does not rise; give them in order");
            }
        }

        for (var i = 0; i < plan.Switches.Length; i++)
        {
            var (path, entry) = ($"$.switches[{i}]", plan.Switches[i]);
            if (!(entry.CostUsd >= 0) || (i > 0 && !(entry.CostUsd >= plan.Switches[i - 1].CostUsd)))
            {
                yield return new PlanProblem($"{path}.costUsd", $"{Show(entry.CostUsd)} is below 0 or the switch before it; give them by rising cost");
            }

            if (!Names(plan, entry.Before) || !Names(plan, entry.After))
            {
                yield return new PlanProblem(path, $"names models that are not among the {plan.Models.Length} there are; give indexes");
            }
        }
    }

    private static IEnumerable<PlanProblem> Report(PlanDocument plan)
    {
        if (plan.Report is not { } report)
        {
            yield break;
        }

        if (report.Rows < 1 || report.Points.Length != plan.Points.Length)
        {
            yield return new PlanProblem(
                "$.report", $"has {report.Rows} rows and {report.Points.Length} points; give at least 1 row and one entry for each of the {plan.Points.Length} points");
        }

        for (var i = 0; i < report.Points.Length; i++)
        {
            var point = report.Points[i];
            foreach (var problem in Figures($"$.report.points[{i}]", point.CostUsd, point.Quality, point.EscalationRate, point.AbstentionRate))
            {
                yield return problem;
            }
        }
    }

    private static bool Names(PlanDocument plan, ImmutableArray<int> models) =>
        !models.IsDefaultOrEmpty && models.All(model => model >= 0 && model < plan.Models.Length);

    private static IEnumerable<PlanProblem> Figures(string path, PlanFigure cost, PlanFigure quality, double escalation, double abstention) =>
    [
        .. Figure($"{path}.costUsd", cost, ColumnCheck.LargestCost),
        .. Figure($"{path}.quality", quality, 1),
        .. Within($"{path}.escalationRate", escalation, 0, 1),
        .. Within($"{path}.abstentionRate", abstention, 0, 1),
    ];

    private static IEnumerable<PlanProblem> Figure(string path, PlanFigure figure, double most)
    {
        var isInterval = (double.IsNaN(figure.Low) && double.IsNaN(figure.High)) || figure.Low <= figure.High;
        return isInterval ? Within($"{path}.mean", figure.Mean, 0, most) : [new PlanProblem(path, "its low end is above its high end; give an interval, or NaN for none")];
    }

    private static IEnumerable<PlanProblem> Within(string path, double value, double least, double most) =>
        value >= least && value <= most ? [] : [new PlanProblem(path, $"{Show(value)} is not within {Show(least)} to {Show(most)}; give a number that is")];

    /// <summary>A score model is not compiled, so that what it cannot take would show in the middle of a request.</summary>
    private static void Probe(ScoreModel score)
    {
        var signals = new double[score.Inputs.Length];
        foreach (var value in Probes)
        {
            Array.Fill(signals, value);
            score.Apply(signals);
        }
    }

    private static PlanProblem? Running(string path, Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or InvalidOperationException or IndexOutOfRangeException)
        {
            return new PlanProblem(path, exception.Message.ReplaceLineEndings(" "));
        }
    }

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>What a plan becomes when it is made executable.</summary>
internal sealed class PlanParts
{
    public ImmutableArray<ModelProfile> Profiles { get; set; } = [];

    /// <summary>One per point.</summary>
    public List<IDecisionPolicy> Policies { get; } = [];

    public IQueryEstimator? Estimator { get; set; }
}
