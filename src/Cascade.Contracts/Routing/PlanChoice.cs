using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>
/// The operating point of a fitted plan that a request follows, and what its policy sees besides the answers. With the plan document and
/// <see cref="AttemptRecord.PlanScore"/> of the attempts every decision can be recomputed.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.plan-choice")]
public sealed record PlanChoice
{
    /// <summary>The plan's name.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>SHA-256 of the plan document as it was read, 64 lower-case hexadecimal digits.</summary>
    [Id(1)]
    public required string Sha256 { get; init; }

    /// <summary>Index of the point in the plan.</summary>
    [Id(2)]
    public required int Point { get; init; }

    /// <summary>The price the point decides with, in quality per dollar, whatever the account's price is.</summary>
    [Id(3)]
    public required double Price { get; init; }

    /// <summary>The request's place within 0 (included) to 1 (excluded), which decides between two points where a budget mixes them.</summary>
    [Id(4)]
    public required double Place { get; init; }

    /// <summary>The expected quality of each model of the plan on this request, 0 to 1, in the plan's order; empty when the point reads no estimates.</summary>
    [Id(5)]
    public ImmutableArray<double> EstimatedQuality { get; init; } = [];

    /// <summary>The expected cost of each model of the plan on this request, in dollars: a forecast that decides, never money that is booked.</summary>
    [Id(6)]
    public ImmutableArray<double> EstimatedCostUsd { get; init; } = [];
}
