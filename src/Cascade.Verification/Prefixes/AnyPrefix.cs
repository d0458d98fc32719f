namespace Cascade.Verification;

/// <summary>Several checks of one draft; the first that finds something decides.</summary>
internal sealed class AnyPrefix(IReadOnlyList<IPrefixCheck> checks) : IPrefixCheck
{
    public string? Add(string text)
    {
        string? found = null;
        foreach (var check in checks)
        {
            found ??= check.Add(text);
        }

        return found;
    }

    public static IPrefixCheck? Of(IReadOnlyList<IPrefixCheck> checks) => checks.Count switch
    {
        0 => null,
        1 => checks[0],
        _ => new AnyPrefix(checks),
    };
}
