namespace Cascade.Planning.Plans;

/// <summary>What a plan was fitted on.</summary>
public sealed record PlanData
{
    /// <summary>SHA-256 over what was read, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Queries that were read.</summary>
    public required int Queries { get; init; }

    /// <summary>Share of the queries to fit on, above 0.</summary>
    public required double FitShare { get; init; }

    /// <summary>Share of the queries to choose on, above 0; the two leave something to report on, or nothing.</summary>
    public required double ChooseShare { get; init; }

    /// <summary>Names the split.</summary>
    public required string Salt { get; init; }

    /// <summary>Rows that were fitted on.</summary>
    public required int FitRows { get; init; }

    /// <summary>Rows that were chosen on.</summary>
    public required int ChooseRows { get; init; }

    /// <summary>Rows that were reported on.</summary>
    public required int ReportRows { get; init; }
}

/// <summary>A model of a plan.</summary>
public sealed record PlanModel
{
    /// <summary>Its name, as the outcomes have it; a route matches its stages by it.</summary>
    public required string Name { get; init; }

    /// <summary>Mean quality over the rows to fit on, 0 to 1.</summary>
    public required double Quality { get; init; }

    /// <summary>Mean cost of a call in dollars over the rows to fit on, at least 0.</summary>
    public required double CostUsd { get; init; }

    /// <summary>Mean cost of obtaining the signals of an answer in dollars over the rows to fit on, at least 0; 0 when they come with the answer.</summary>
    public required double JudgeCostUsd { get; init; }

    /// <summary>Rows that these are means of, at least 1.</summary>
    public required int Rows { get; init; }
}
