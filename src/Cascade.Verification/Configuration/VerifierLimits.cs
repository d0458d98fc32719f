namespace Cascade.Verification;

/// <summary>Sizes that bound a judge's work.</summary>
public sealed record VerifierLimits
{
    /// <summary>The longest answer that is judged, in characters, 1 to 10,000,000; default 200,000.</summary>
    public int MaxAnswerChars { get; init; } = 200_000;

    /// <summary>The most equations that one answer is checked for, 1 to 100,000; default 1,000.</summary>
    public int MaxEquations { get; init; } = 1_000;

    /// <summary>The longest JSON schema, in characters, 2 to 1,000,000; default 65,536.</summary>
    public int MaxSchemaChars { get; init; } = 65_536;

    /// <summary>The deepest nesting of a JSON schema or answer, 1 to 64; default 32.</summary>
    public int MaxJsonDepth { get; init; } = 32;

    /// <summary>Compiled schemas kept, 1 to 10,000; default 256.</summary>
    public int SchemaCacheSize { get; init; } = 256;
}
