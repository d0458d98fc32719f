using Cascade.Cli.Outcomes;
using Cascade.Planning.Fitting;

namespace Cascade.Cli.Evaluating;

/// <summary>A data set with everything that was fitted on it.</summary>
internal sealed record EvaluatedDataset(LoadedOutcomes Outcomes, FitRun Run)
{
    /// <summary>The name as part of a file's.</summary>
    public string Key => string.Concat(Outcomes.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c) : '-')).Trim('-');

    public StrategyRun Chosen => Run.Of(Cascade.Planning.Selection.AutoChoice.StrategyName);

    public string Cost(double cost) => Numbers.Cost(cost, Outcomes.CostsAreDollars) + (Outcomes.CostsAreDollars ? "" : " units");

    public string Rows =>
        $"{Run.Context.Models.Length} models; {Numbers.Count(Run.Outcomes.Fit.RowCount)} queries to fit on, {Numbers.Count(Run.Outcomes.Choose.RowCount)} to choose on and "
        + $"{Numbers.Count(Run.Outcomes.Report.RowCount)} to report on"
        + (Outcomes.FollowsPublisher ? ", those of the publisher's test part" : "")
        + (Run.Outcomes.LeftOut > 0 ? $"; {Numbers.Count(Run.Outcomes.LeftOut)} without an outcome and a cost of every model are left out" : "");
}
