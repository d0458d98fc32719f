namespace Cascade.Contracts;

/// <summary>The name of a model endpoint, for example <c>openai/gpt-4o-mini@eastus</c>. Case matters.</summary>
[GenerateSerializer, Immutable, Alias("cascade.id.endpoint")]
public readonly record struct EndpointId
{
    /// <summary>The longest name that is accepted, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>Creates the id of an endpoint.</summary>
    /// <param name="value">The name.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, or has white space or control characters.</exception>
    public EndpointId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > MaxLength || value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new ArgumentException($"endpoint name '{value}' is longer than {MaxLength} characters or has white space", nameof(value));
        }

        Value = value;
    }

    /// <summary>The name as it was given.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <inheritdoc />
    public override string ToString() => Value ?? "";
}
