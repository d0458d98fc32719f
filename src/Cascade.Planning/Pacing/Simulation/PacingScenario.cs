using System.Collections.Immutable;

namespace Cascade.Planning.Pacing.Simulation;

/// <summary>One run of <see cref="PacingSimulator"/>. Immutable; validated when it is run.</summary>
public sealed record PacingScenario
{
    /// <summary>The most requests of a run.</summary>
    public const int MostRequests = 10_000_000;

    /// <summary>The cap of the window, in dollars, above 0. Hard: no run spends more.</summary>
    public required double BudgetUsd { get; init; }

    /// <summary>Requests of the run, 1 to <see cref="MostRequests"/>. Rows come in a random order, and in another one when all had their turn.</summary>
    public required int Requests { get; init; }

    /// <summary>Decides the order of the rows and the times of arrival. The same scenario gives the same run.</summary>
    public required ulong Seed { get; init; }

    /// <summary>When requests arrive. Steady unless set.</summary>
    public ArrivalProcess Arrivals { get; init; } = ArrivalProcess.Steady;

    /// <summary>Settlement delay: requests that stay open while later ones are decided, 0 to 1,000,000. The default is 0.</summary>
    public int InFlight { get; init; }

    /// <summary>The price to start from, in quality per dollar.</summary>
    public double StartPrice { get; init; }

    /// <summary>What changes during the run.</summary>
    public ImmutableArray<OutcomeChange> Changes { get; init; } = [];

    /// <summary>What the pacer is told of the requests to come. Their count unless set.</summary>
    public TrafficKnowledge Knowledge { get; init; } = TrafficKnowledge.Count;

    /// <summary>The expected traffic, for <see cref="TrafficKnowledge.Profile"/>.</summary>
    public SpendPlan? Profile { get; init; }

    /// <summary>Whether quality is reported to the pacer, as if every answer were judged.</summary>
    public bool ReportsQuality { get; init; }

    /// <summary>Corrects estimated costs by what calls turn out to cost; null (the default) trusts the estimates.</summary>
    public CostDrift? CostDrift { get; init; }

    /// <summary>What dearer calls leave for the rest of the window; null (the default) leaves nothing.</summary>
    public RestReserve? Rest { get; init; }

    /// <summary>Points of the time series, 1 to 100,000. The default is 200.</summary>
    public int SeriesPoints { get; init; } = 200;

    internal void Require(int actions)
    {
        var problems = new List<string>();
        Check(double.IsFinite(BudgetUsd) && BudgetUsd > 0, $"BudgetUsd {BudgetUsd} is not above 0; give the cap in dollars");
        Check(Requests is >= 1 and <= MostRequests, $"Requests {Requests} is outside 1 to {MostRequests}");
        Check(InFlight is >= 0 and <= 1_000_000, $"InFlight {InFlight} is outside 0 to 1,000,000");
        Check(SeriesPoints is >= 1 and <= 100_000, $"SeriesPoints {SeriesPoints} is outside 1 to 100,000");
        Check(Knowledge is >= TrafficKnowledge.Count and <= TrafficKnowledge.Profile, $"Knowledge {Knowledge} is not one; the default is Count");
        Check(Knowledge != TrafficKnowledge.Profile || Profile is not null, "Profile is missing; give the expected traffic");
        Check(!Changes.IsDefault, "Changes is not set; leave it out for none");
        foreach (var change in Changes.IsDefault ? [] : Changes)
        {
            Check(change.FromShare is >= 0 and <= 1, $"Changes: FromShare {change.FromShare} is outside 0 to 1");
            Check(change.QualityFactor is >= 0 and <= 1, $"Changes: QualityFactor {change.QualityFactor} is outside 0 to 1");
            Check(change.CostFactor is >= 0 and <= 1e6, $"Changes: CostFactor {change.CostFactor} is outside 0 to 1,000,000");
            Check(change.Model is null || (change.Model >= 0 && change.Model < actions), $"Changes: Model {change.Model} is none of the {actions} actions");
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", problems));
        }

        void Check(bool isRight, string problem)
        {
            if (!isRight)
            {
                problems.Add(problem);
            }
        }
    }
}
