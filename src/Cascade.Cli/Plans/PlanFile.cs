using System.Collections.Immutable;
using Cascade.Planning.Estimation;
using Cascade.Planning.Evaluation;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Cli.Plans;

/// <summary>A fitted plan as a file: everything needed to decide, and to explain what was decided.</summary>
internal sealed record PlanFile
{
    public const string CurrentFormat = "cascade-plan/1";

    public required string Format { get; init; }

    public required string Strategy { get; init; }

    public required PlanData Data { get; init; }

    public required PlanChoice Choice { get; init; }

    /// <summary>In order of cost; policies name models by their place.</summary>
    public required ImmutableArray<PlanModel> Models { get; init; }

    public required ImmutableArray<ScoreModel?> ScoreModels { get; init; }

    public Estimator? Estimator { get; init; }

    /// <summary>The cheapest first.</summary>
    public required ImmutableArray<PlanPoint> Points { get; init; }

    public ImmutableArray<string> Remarks { get; init; } = [];
}

/// <summary>What the plan was fitted on.</summary>
internal sealed record PlanData
{
    public required string Name { get; init; }

    public required ImmutableArray<string> Sha256 { get; init; }

    public required bool CostsAreDollars { get; init; }

    public required int FitRows { get; init; }

    public required int ChooseRows { get; init; }

    public required int ReportRows { get; init; }

    public required ulong Seed { get; init; }
}

/// <summary>Why this strategy, and what it is for.</summary>
internal sealed record PlanChoice
{
    /// <summary>Whether the strategy was chosen by the test, or given.</summary>
    public required bool IsAutomatic { get; init; }

    public required string Why { get; init; }

    public double? BudgetUsd { get; init; }

    public double? QualityFloor { get; init; }
}

/// <summary>A model, with its means over the rows to fit on.</summary>
internal sealed record PlanModel(string Name, double Quality, double CostUsd);

/// <summary>An operating point.</summary>
internal sealed record PlanPoint
{
    public required PolicySpec Policy { get; init; }

    /// <summary>λ that the policy decides with, in quality per dollar.</summary>
    public required double Price { get; init; }

    /// <summary>Mean cost on the rows that chose it; the frontier that budgets and floors are answered from.</summary>
    public required double PlannedCostUsd { get; init; }

    public required double PlannedQuality { get; init; }

    /// <summary>Mean cost on the rows that were kept apart.</summary>
    public required double CostUsd { get; init; }

    public required double Quality { get; init; }

    public required Interval QualityInterval { get; init; }

    public required double EscalationRate { get; init; }

    public required double AbstentionRate { get; init; }
}
