using System.Globalization;

namespace Cascade.Tests.Architecture;

/// <summary>The wire contract as lines of text, and the comparison with the lines that were agreed on.</summary>
internal static class WireBaseline
{
    public const string Retired = "*RETIRED* ";

    public static IReadOnlyList<string> Describe(IEnumerable<Type> interfaces, IEnumerable<Type> types) =>
    [
        .. interfaces.SelectMany(DescribeInterface)
            .Concat(types.SelectMany(DescribeType))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>What differs, one line each; empty when nothing does.</summary>
    public static IReadOnlyList<string> Compare(IEnumerable<string> baseline, IEnumerable<string> actual)
    {
        var agreed = Lines(baseline);
        var live = agreed.Where(line => !line.StartsWith(Retired, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var now = actual.ToHashSet(StringComparer.Ordinal);
        var retired = agreed.Where(line => line.StartsWith(Retired, StringComparison.Ordinal))
            .Select(line => line[Retired.Length..])
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. live.Except(now).Order(StringComparer.Ordinal).Select(line => "- " + line),
            .. now.Except(live).Except(retired).Order(StringComparer.Ordinal).Select(line => "+ " + line),
            .. now.Intersect(retired).Order(StringComparer.Ordinal).Select(line => $"! {line} (retired; it may not come back)"),
            .. Reused(retired, now).Select(line => $"! {line} (takes the place of a retired line)"),
        ];
    }

    /// <summary>The new baseline: what is gone stays, marked as retired.</summary>
    public static IReadOnlyList<string> Update(IEnumerable<string> baseline, IEnumerable<string> actual)
    {
        var now = actual.ToHashSet(StringComparer.Ordinal);
        var gone = Lines(baseline)
            .Where(line => !now.Contains(line))
            .Select(line => line.StartsWith(Retired, StringComparison.Ordinal) ? line : Retired + line);
        return [.. now.Concat(gone).OrderBy(line => line.Replace(Retired, "", StringComparison.Ordinal), StringComparer.Ordinal)];
    }

    private static IEnumerable<string> DescribeInterface(Type type)
    {
        var prefix = string.Create(
            CultureInfo.InvariantCulture,
            $"interface {WireNames.Alias(type)} | {type.Name} | version {WireNames.Version(type)}");
        yield return prefix;
        foreach (var method in type.GetMethods())
        {
            var parameters = method.GetParameters().Select(parameter => WireNames.Of(parameter.ParameterType));
            yield return $"{prefix} | method {WireNames.Alias(method)} | ({string.Join(", ", parameters)}) | {WireNames.Of(method.ReturnType)}";
        }
    }

    private static IEnumerable<string> DescribeType(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class";
        var prefix = $"{kind} {WireNames.Alias(type)} | {type.Name}";
        yield return prefix;
        if (type.IsEnum)
        {
            foreach (var name in Enum.GetNames(type))
            {
                var value = Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture);
                yield return string.Create(CultureInfo.InvariantCulture, $"{prefix} | {value:D4} {name}");
            }
        }

        foreach (var member in WireNames.Members(type))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{prefix} | {member.Id:D4} {WireNames.Of(member.Type)} {member.Name}");
        }
    }

    /// <summary>Members and values whose id belonged to a retired one.</summary>
    private static IEnumerable<string> Reused(HashSet<string> retired, HashSet<string> now)
    {
        var slots = retired.Select(Slot).Where(slot => slot.Length > 0).ToHashSet(StringComparer.Ordinal);
        return now.Except(retired).Where(line => slots.Contains(Slot(line))).Order(StringComparer.Ordinal);
    }

    private static string Slot(string line)
    {
        var parts = line.Split(" | ");
        return parts.Length == 3 && !line.StartsWith("interface", StringComparison.Ordinal) ? $"{parts[0]} | {parts[2].Split(' ')[0]}" : "";
    }

    private static List<string> Lines(IEnumerable<string> text) =>
        [.. text.Select(line => line.TrimEnd()).Where(line => line.Length > 0 && !line.StartsWith('#'))];
}
