namespace Cascade.Cli.Demo.Reporting;

/// <summary>What a run showed. Amounts are nano-dollars, shares 0 to 1; a share of nothing is null.</summary>
internal sealed record DemoReport
{
    public required DemoSource Source { get; init; }

    /// <summary>Where the numbers come from, in words.</summary>
    public required string Label { get; init; }

    public required string CheapModel { get; init; }

    public required string JudgeModel { get; init; }

    public required string StrongModel { get; init; }

    public required int Questions { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Share right when only the cheap model is asked all questions; null in a live run.</summary>
    public required double? CheapAloneRightShare { get; init; }

    public required double? StrongAloneRightShare { get; init; }

    /// <summary>Whether the cost of the strong model alone is an estimate.</summary>
    public bool AllStrongIsEstimated => Source == DemoSource.Live;

    public required IReadOnlyList<TenantReport> Tenants { get; init; }

    /// <summary>What was seen, in sentences.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    /// <summary>What was seen although it must not be; empty when all is well.</summary>
    public required IReadOnlyList<string> Contradictions { get; init; }

    public TenantReport Tenant(string name) => Tenants.Single(tenant => tenant.Name == name);
}

internal sealed record TenantReport
{
    public required string Name { get; init; }

    public required int Requests { get; init; }

    public required int Answered { get; init; }

    public required int Right { get; init; }

    public required int KeptOnCheap { get; init; }

    public required int Refused { get; init; }

    public required int Failed { get; init; }

    /// <summary>How often each unexpected error came.</summary>
    public required IReadOnlyDictionary<string, int> Failures { get; init; }

    /// <summary>The sum of what the responses said.</summary>
    public required long CostNanos { get; init; }

    public required long AllStrongNanos { get; init; }

    public required long CapNanos { get; init; }

    /// <summary>What the ledger says was settled.</summary>
    public required long SpendNanos { get; init; }

    public required long UnconfirmedNanos { get; init; }

    public required long OverrunNanos { get; init; }

    /// <summary>Right answers per dollar, when the run had ended.</summary>
    public required double ShadowPrice { get; init; }

    /// <summary>The highest that was seen during the run.</summary>
    public required double HighestShadowPrice { get; init; }

    public double? RightShare => Share(Right, Answered);

    public double? KeptShare => Share(KeptOnCheap, Answered);

    /// <summary>Part of the cost of the strong model alone, for the questions that were answered.</summary>
    public double? CostShare => Share(CostNanos, AllStrongNanos);

    public double? SpentShare => Share(SpendNanos, CapNanos);

    private static double? Share(double part, double whole) => whole == 0 ? null : part / whole;
}
