using System.Collections.Immutable;
using Cascade.Datasets;

namespace Cascade.Cli.Outcomes;

/// <summary>Which outcomes a command is to read, as the command line says it.</summary>
internal sealed record OutcomeRequest
{
    /// <summary>Files that together are one data set; empty when known ones are named.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    public ImmutableArray<string> Known { get; init; } = [];

    public string? Queries { get; init; }

    public MappingText Mapping { get; init; } = MappingText.None;

    public ImmutableArray<RowFilter> Filters { get; init; } = [];

    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>How many models to plan with at most; null for all.</summary>
    public int? MostModels { get; init; }

    public required SplitText Split { get; init; }

    public ulong Seed { get; init; }
}
