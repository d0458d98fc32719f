using System.Collections.Immutable;
using Cascade.Planning.Pacing;
using Cascade.Planning.Pacing.Simulation;

namespace Cascade.Cli.Pacing;

/// <summary>The pacers that the command line knows, by name.</summary>
internal static class PacerSet
{
    private const int Slots = 24;

    public static ImmutableArray<string> Names { get; } =
        ["dual", "entropic", "fixed-plan", "schedule", "pid", "spend-plan", "fixed-price", "none", "paretobandit", "port"];

    public static ImmutableArray<string> Usual { get; } = ["dual", "schedule", "pid", "fixed-price", "paretobandit"];

    /// <summary>A pacer, the rule that decides at its price, and the price it starts from.</summary>
    public static (IPacer Pacer, IPacingRule Rule, double Start) Of(string name, PaceInput input, double totalUsd, int requests, ArrivalProcess arrivals)
    {
        var parameters = new PacerParameters { BudgetUsd = totalUsd, ExpectedRequests = requests };
        var start = input.Schedule.PriceAt(parameters.PlanUsd);
        var linear = LinearRule.Instance;
        return name switch
        {
            "dual" => (new DualPacer(parameters), linear, start),
            "entropic" => (new DualPacer(parameters with { Geometry = PacerGeometry.Entropic }), linear, start),
            "fixed-plan" => (new DualPacer(parameters with { ResolvesPlan = false }), linear, start),
            "schedule" => (new ScheduledPacer(parameters, input.Schedule), linear, start),
            "pid" => (new PidPacer(parameters, new PidGains()), linear, start),
            "spend-plan" => (new PlanPacer(parameters, SpendPlan.Even(arrivals.Expected(requests, Slots))), linear, start),
            "fixed-price" => (new FixedPricePacer(Math.Min(start, new DualPacer(parameters).MaxPrice)), linear, start),
            "none" => (FixedPricePacer.Free, linear, 0),
            "paretobandit" => (new ParetoBanditPacer(parameters.PlanUsd), new ParetoBanditRule(input.UsdPerThousandTokens, 0), 0),
            _ => (FixedPricePacer.Free, new PortRule(new PortOptions { BudgetsUsd = Shares(input, totalUsd) }), 0),
        };
    }

    /// <summary>PORT wants a budget per model; its authors divide by quality per cost.</summary>
    private static ImmutableArray<double> Shares(PaceInput input, double totalUsd)
    {
        var worth = input.MeanQuality.Select((q, m) => q / Math.Max(1e-12, input.MeanCostUsd[m])).ToArray();
        return [.. worth.Select(w => totalUsd * w / worth.Sum())];
    }
}
