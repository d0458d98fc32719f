using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.Cli.Outcomes;

/// <summary>Outcomes that were read and divided.</summary>
internal sealed record LoadedOutcomes
{
    /// <summary>The known data set's name, or the files' names without their folders.</summary>
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Whether costs are dollars; some publishers count in units of their own.</summary>
    public bool CostsAreDollars { get; init; } = true;

    public required OutcomeTable Table { get; init; }

    public required OutcomeSplit Split { get; init; }

    /// <summary>Whether the report part is the publisher's.</summary>
    public bool FollowsPublisher { get; init; }

    /// <summary>SHA-256 of the files, in order.</summary>
    public ImmutableArray<string> Sha256 { get; init; } = [];

    /// <summary>What a reader should know about what was left out.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}
