using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Cascade.Cli.Fitting;
using Cascade.Cli.Outcomes;
using Cascade.Datasets;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;
using Cascade.Planning.Selection;

namespace Cascade.Cli.Plans;

/// <summary>Makes the plan of a fit.</summary>
internal static class PlanMaking
{
    /// <summary>The strategy that a command line asks for: the one it names, or the one that the test chooses.</summary>
    public static string StrategyOf(ImmutableArray<string> strategies) => strategies.Length == 1 ? strategies[0] : AutoChoice.StrategyName;

    public static PlanDocument Of(LoadedOutcomes outcomes, FitRequest request, FitRun run, DateTimeOffset now)
    {
        var strategy = StrategyOf(request.Strategies);
        var chosen = run.Of(strategy);
        if (chosen.Status != StrategyStatus.Fitted)
        {
            throw new CliException(ExitCodes.BadData, $"--strategy {strategy} cannot be fitted on {outcomes.Name}: {chosen.Reason}");
        }

        var split = outcomes.Split;
        var rows = (double)(split.Fit.Length + split.Choose.Length + split.Report.Length);
        return PlanExport.Of(run, strategy, new PlanOrigin
        {
            Name = outcomes.Name,
            FittedAt = now,
            Sha256 = outcomes.Sha256.Length == 1
                ? outcomes.Sha256[0]
                : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', outcomes.Sha256)))),
            Queries = outcomes.Table.RowCount,
            FitShare = split.Fit.Length / rows,
            ChooseShare = split.Choose.Length / rows,
            Salt = SplitText.SaltOf(request.Seed) + (outcomes.FollowsPublisher ? " within the publisher's parts" : ""),
        });
    }

    /// <summary>Why the plan's strategy is the one.</summary>
    public static string WhyOf(FitRequest request, FitRun run) =>
        StrategyOf(request.Strategies) == AutoChoice.StrategyName ? ChoiceText.Of(run.Auto) : "it was asked for";

    /// <summary>Whether a plan's costs are dollars; only published data sets may count in other units.</summary>
    public static bool CostsAreDollars(PlanDocument plan) => KnownDatasets.Find(plan.Name)?.CostsAreDollars ?? true;
}
