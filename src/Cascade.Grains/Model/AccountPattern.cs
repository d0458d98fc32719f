using Cascade.Contracts;

namespace Cascade.Grains.Model;

/// <summary>
/// Accounts below a parent at one depth: <c>acme/*</c> is every child of <c>acme</c>, <c>acme/*/*</c> every grandchild.
/// </summary>
public sealed record AccountPattern
{
    /// <summary>The name of any segment.</summary>
    public const string Any = "*";

    private const string Tail = "/" + Any;

    private AccountPattern(AccountId parent, int depth)
    {
        Parent = parent;
        Depth = depth;
    }

    /// <summary>The account that the pattern is below of.</summary>
    public AccountId Parent { get; }

    /// <summary>How many segments of any name follow the parent, at least 1.</summary>
    public int Depth { get; }

    /// <summary>Whether a name is meant as a pattern.</summary>
    /// <param name="name">The name of a configured account.</param>
    /// <returns>Whether it has a segment of any name.</returns>
    public static bool IsPattern(string name) => name.Contains(Any[0], StringComparison.Ordinal);

    /// <summary>Reads a pattern.</summary>
    /// <param name="name">The name of a configured account.</param>
    /// <param name="pattern">The pattern; null when the name is none.</param>
    /// <param name="problem">What is wrong and how to repair it.</param>
    /// <returns>Whether the name is a pattern.</returns>
    public static bool TryParse(string name, out AccountPattern? pattern, out string problem)
    {
        ArgumentNullException.ThrowIfNull(name);
        pattern = null;
        var rest = name;
        var depth = 0;
        while (rest.EndsWith(Tail, StringComparison.Ordinal))
        {
            rest = rest[..^Tail.Length];
            depth++;
        }

        if (depth == 0 || IsPattern(rest))
        {
            problem = $"account pattern '{name}' has '{Any}' elsewhere than in its last segments; write it as 'acme/*' or 'acme/*/*'";
            return false;
        }

        if (!AccountId.TryParse(rest, out var parent, out problem))
        {
            return false;
        }

        if (rest.Split('/').Length + depth > AccountId.MaxDepth)
        {
            problem = $"account pattern '{name}' has more than {AccountId.MaxDepth} segments; shorten it";
            return false;
        }

        pattern = new AccountPattern(parent, depth);
        return true;
    }

    /// <summary>Whether an account is one of the pattern's.</summary>
    /// <param name="account">The account.</param>
    /// <returns>Whether it is.</returns>
    public bool Matches(AccountId account)
    {
        var path = account.Value;
        var parent = Parent.Value;
        return path.Length > parent.Length && path[parent.Length] == '/' && path.StartsWith(parent, StringComparison.Ordinal)
            && path.AsSpan(parent.Length).Count('/') == Depth;
    }

    /// <inheritdoc />
    public override string ToString() => Parent + string.Concat(Enumerable.Repeat(Tail, Depth));
}
