namespace Cascade.Contracts;

/// <summary>
/// Names one mutating command, so that a retry of unknown outcome is answered with the first outcome and has no second effect.
/// </summary>
[GenerateSerializer, Immutable, Alias("cascade.id.operation")]
public readonly record struct OperationId
{
    /// <summary>Creates the id of an operation.</summary>
    /// <param name="value">Any text that is unique to the command; at most 100 characters.</param>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    public OperationId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value.Length, 100, nameof(value));
        Value = value;
    }

    /// <summary>The text as it was given.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <inheritdoc />
    public override string ToString() => Value ?? "";
}
