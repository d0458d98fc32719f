namespace Cascade.Contracts;

/// <summary>
/// The path of an account that money belongs to: <c>acme</c>, <c>acme/search</c>, <c>acme/search/key-7</c>.
/// An organisation, a team, a key and one agent run are the same thing at four depths.
/// </summary>
/// <remarks>Segments hold letters, digits, <c>.</c>, <c>_</c> and <c>-</c>; at most 8 segments and 200 characters in all.</remarks>
[GenerateSerializer, Immutable, Alias("cascade.id.account")]
public readonly record struct AccountId
{
    /// <summary>The longest path that is accepted, in characters.</summary>
    public const int MaxLength = 200;

    /// <summary>The deepest path that is accepted, in segments.</summary>
    public const int MaxDepth = 8;

    /// <summary>Creates the id of an account.</summary>
    /// <param name="value">The path.</param>
    /// <exception cref="ArgumentException">The path is empty, too long, too deep, or has a character that is not allowed.</exception>
    public AccountId(string value)
    {
        if (!TryParse(value, out _, out var problem))
        {
            throw new ArgumentException(problem, nameof(value));
        }

        Value = value;
    }

    private AccountId(string value, bool validated) => Value = value;

    /// <summary>The path as it was given.</summary>
    [Id(0)]
    public string Value { get; init; }

    /// <summary>Reads a path without throwing.</summary>
    /// <param name="value">The path.</param>
    /// <param name="account">The id, when the path is valid.</param>
    /// <param name="problem">What is wrong and how to repair it, when it is not.</param>
    /// <returns>Whether the path is valid.</returns>
    public static bool TryParse(string? value, out AccountId account, out string problem)
    {
        account = default;
        problem = Check(value);
        if (problem.Length > 0)
        {
            return false;
        }

        account = new AccountId(value!, validated: true);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() => Value ?? "";

    private static string Check(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return "an account path is empty; give it at least one segment, for example 'acme'";
        }

        if (value.Length > MaxLength)
        {
            return $"account path has {value.Length} characters; shorten it to at most {MaxLength}";
        }

        var segments = value.Split('/');
        if (segments.Length > MaxDepth)
        {
            return $"account path '{value}' has {segments.Length} segments; use at most {MaxDepth}";
        }

        foreach (var segment in segments)
        {
            if (segment.Length == 0)
            {
                return $"account path '{value}' has an empty segment; remove the extra '/'";
            }

            foreach (var c in segment)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
                {
                    return $"account path '{value}' has the character '{c}'; use letters, digits, '.', '_' and '-'";
                }
            }
        }

        return "";
    }
}
