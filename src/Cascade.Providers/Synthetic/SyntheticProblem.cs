namespace Cascade.Providers.Synthetic;

/// <summary>A made-up word problem.</summary>
public sealed record SyntheticProblem
{
    /// <summary>Which problem it is, under its seed.</summary>
    public required string Id { get; init; }

    /// <summary>The question.</summary>
    public required string Text { get; init; }

    /// <summary>The right answer, a whole number in plain digits.</summary>
    public required string ReferenceAnswer { get; init; }
}
