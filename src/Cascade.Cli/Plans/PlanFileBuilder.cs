using Cascade.Cli.Fitting;
using Cascade.Cli.Outcomes;
using Cascade.Planning.Fitting;
using Cascade.Planning.Selection;

namespace Cascade.Cli.Plans;

/// <summary>Makes the plan of a fit.</summary>
internal static class PlanFileBuilder
{
    public static PlanFile Build(LoadedOutcomes outcomes, FitRequest request, FitRun run)
    {
        var isAutomatic = request.Strategies.Length != 1 || request.Strategies[0] == AutoChoice.StrategyName;
        var strategy = isAutomatic ? AutoChoice.StrategyName : request.Strategies[0];
        var chosen = run.Of(strategy);
        if (chosen.Status != StrategyStatus.Fitted)
        {
            throw new CliException(ExitCodes.BadData, $"--strategy {strategy} cannot be fitted on {outcomes.Name}: {chosen.Reason}");
        }

        var (fitted, report) = (chosen.Fitted!, chosen.Report!);
        return new PlanFile
        {
            Format = PlanFile.CurrentFormat,
            Strategy = chosen.Strategy,
            Data = DataOf(outcomes, request, run),
            Choice = new PlanChoice
            {
                IsAutomatic = isAutomatic,
                Why = isAutomatic ? ChoiceText.Of(run.Auto) : "it was asked for",
                BudgetUsd = request.BudgetUsd,
                QualityFloor = request.Floor,
            },
            Models = [.. run.Context.Models.Select(m => new PlanModel(m.Name, m.Quality, m.CostUsd))],
            ScoreModels = fitted.ScoreModels,
            Estimator = fitted.Estimator,
            Points =
            [
                .. report.Points.Select(p => new PlanPoint
                {
                    Policy = fitted.Candidates[p.Candidate].Policy,
                    Price = fitted.Candidates[p.Candidate].Price,
                    PlannedCostUsd = p.ChooseCostUsd,
                    PlannedQuality = p.ChooseQuality,
                    CostUsd = p.CostUsd,
                    Quality = p.Quality,
                    QualityInterval = p.QualityInterval,
                    EscalationRate = p.EscalationRate,
                    AbstentionRate = p.AbstentionRate,
                }),
            ],
            Remarks = fitted.Remarks,
        };
    }

    private static PlanData DataOf(LoadedOutcomes outcomes, FitRequest request, FitRun run) => new()
    {
        Name = outcomes.Name,
        Sha256 = outcomes.Sha256,
        CostsAreDollars = outcomes.CostsAreDollars,
        FitRows = run.Outcomes.Fit.RowCount,
        ChooseRows = run.Outcomes.Choose.RowCount,
        ReportRows = run.Outcomes.Report.RowCount,
        Seed = request.Seed,
    };
}
