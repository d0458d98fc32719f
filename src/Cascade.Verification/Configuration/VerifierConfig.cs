namespace Cascade.Verification;

/// <summary>A judge as configuration describes it; composed judges nest.</summary>
public sealed record VerifierConfig
{
    /// <summary>The most parts of one composed judge.</summary>
    public const int MostParts = 16;

    /// <summary>The deepest nesting of composed judges.</summary>
    public const int MostDepth = 4;

    /// <summary>One of <see cref="VerifierKinds.Every"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The endpoint to ask; required by <c>agreement</c>, meaningless to the others.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The judges of <c>all</c>, <c>first</c> and <c>weighted</c>; 1 to <see cref="MostParts"/>.</summary>
    public IReadOnlyList<VerifierConfig> Parts { get; init; } = [];

    /// <summary>One weight above 0 per part; required by <c>weighted</c>, meaningless to the others.</summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>Whether <c>completeness</c> also looks for phrases of refusal; off by default.</summary>
    public bool CheckRefusals { get; init; }

    /// <summary>Whether <c>completeness</c> also looks for answers that run in a loop; off by default.</summary>
    public bool CheckRepetition { get; init; }

    /// <summary>What <c>token-logprob</c> looks at, one of <see cref="TokenLogProbabilityVerifier.Signals"/>; the mean when null, meaningless to the others.</summary>
    public string? Signal { get; init; }

    /// <summary>Sizes above which a judge has no opinion.</summary>
    public VerifierLimits Limits { get; init; } = new();
}
