namespace Cascade.Verification;

/// <summary>A judge that can tell from the beginning of a draft that the whole will score 0. What it finds in a prefix it also finds in the whole.</summary>
public interface IPrefixVerifier
{
    /// <summary>Begins to read a draft.</summary>
    /// <param name="context">What the caller asked for.</param>
    /// <returns>The check, for one draft and one thread at a time; null when no prefix of such a draft can tell anything.</returns>
    IPrefixCheck? Begin(PrefixContext context);
}

/// <summary>Reads one draft as it is made.</summary>
public interface IPrefixCheck
{
    /// <summary>Reads the next part. Costs time in proportion to the part alone, and never throws for what a draft says.</summary>
    /// <param name="text">The part.</param>
    /// <returns>A code of <see cref="EvidenceCodes"/> once the draft cannot pass any more; null while it may.</returns>
    string? Add(string text);
}

/// <summary>What a judge of prefixes sees beside the draft.</summary>
public sealed record PrefixContext
{
    /// <summary>The JSON schema the caller asked for; null when it did not.</summary>
    public string? SchemaJson { get; init; }

    /// <summary>Whether the caller asked for a JSON object.</summary>
    public bool WantsJson { get; init; }
}
