using System.Globalization;
using System.Text.RegularExpressions;

namespace Cascade.Tests.Architecture;

/// <summary>House rules that are read off the source text.</summary>
internal static partial class SourceRules
{
    public const int MaxFileLines = 500;
    public const int MaxMemberLines = 70;

    public static IEnumerable<string> CheckNamespace(SourceFile file)
    {
        var declared = NamespaceDeclaration().Match(file.Code);
        if (!declared.Success)
        {
            if (file.FileName is not ("Program.cs" or "AssemblyInfo.cs" or "GlobalUsings.cs"))
            {
                yield return $"{file}: has no file-scoped namespace";
            }

            yield break;
        }

        var name = declared.Groups[1].Value;
        var path = file.Folder.Split('/', 2)[1].Replace('/', '.');
        var project = file.Folder.Split('/')[1];
        if (name != project && !name.StartsWith(project + ".", StringComparison.Ordinal))
        {
            yield return $"{file}: namespace {name} does not begin with its project's name {project}";
        }
        else if (path != name && !path.StartsWith(name + ".", StringComparison.Ordinal))
        {
            yield return $"{file}: namespace {name} does not follow the folder; use {path} or a leading part of it";
        }
    }

    public static IEnumerable<string> CheckSize(SourceFile file)
    {
        var lines = file.Text.AsSpan().Count('\n');
        if (lines > MaxFileLines)
        {
            yield return $"{file}: has {lines} lines; split it, the limit is {MaxFileLines}";
        }

        foreach (var member in MemberScanner.Scan(file.Code).Where(member => member.Lines > MaxMemberLines))
        {
            yield return $"{file}:{member.FirstLine}: '{member.Header}' has {member.Lines} lines; split it, the limit is {MaxMemberLines}";
        }
    }

    public static IEnumerable<string> CheckPatterns(SourceFile file)
    {
        foreach (Match match in BannedCode().Matches(file.Code))
        {
            if (match.Value.Contains("GetResult", StringComparison.Ordinal) && HasReasonAbove(file, match.Index))
            {
                continue;
            }

            yield return $"{file.At(match.Index)}: '{match.Value.Trim()}' is banned";
        }

        foreach (Match match in EmptyCatch().Matches(file.Code))
        {
            var says = file.Text.Substring(match.Index, match.Length).Contains("//", StringComparison.Ordinal);
            var wide = !match.Groups["type"].Success || match.Groups["type"].Value is "Exception" or "System.Exception";
            if ((wide && !match.Groups["when"].Success) || !says)
            {
                yield return $"{file.At(match.Index)}: swallows an error; handle it, or catch one narrow type and say why nothing is to be done";
            }
        }

        var comments = Comments(file);
        foreach (Match match in UnfinishedWork().Matches(comments))
        {
            yield return $"{file.At(match.Index)}: '{match.Value}' marks unfinished work; finish it or open an issue";
        }
    }

    public static IEnumerable<string> CheckTests(SourceFile file)
    {
        foreach (Match match in StaticSkip().Matches(file.Code))
        {
            yield return $"{file.At(match.Index)}: a test is skipped for good; delete it or quarantine it with an end date";
        }
    }

    /// <summary>Quarantine has a reason and an end: <c>[Trait("Quarantine", "yes"), Trait("QuarantineReason", "..."), Trait("QuarantineUntil", "2026-01-31")]</c>.</summary>
    public static IEnumerable<string> CheckQuarantine(SourceFile file, DateOnly today)
    {
        foreach (Match match in Quarantined().Matches(file.CodeAndStrings))
        {
            var attributes = file.CodeAndStrings[match.Index..(file.CodeAndStrings.IndexOf('{', match.Index) + 1)];
            var until = QuarantineEnd().Match(attributes);
            if (!QuarantineReason().IsMatch(attributes))
            {
                yield return $"{file.At(match.Index)}: quarantined without a QuarantineReason trait";
            }

            if (!DateOnly.TryParseExact(until.Groups[1].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var end))
            {
                yield return $"{file.At(match.Index)}: quarantined without a QuarantineUntil trait of the form yyyy-MM-dd";
            }
            else if (end < today)
            {
                yield return $"{file.At(match.Index)}: quarantine ended on {end:yyyy-MM-dd}; repair the test or delete it";
            }
            else if (end > today.AddDays(30))
            {
                yield return $"{file.At(match.Index)}: quarantine until {end:yyyy-MM-dd} is longer than 30 days";
            }
        }
    }

    public static IEnumerable<string> CheckInstruments(SourceFile file)
    {
        if (file.FileName.EndsWith("Names.cs", StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (Match match in LiteralInstrumentName().Matches(file.CodeAndStrings))
        {
            yield return $"{file.At(match.Index)}: a name of telemetry is written in place; keep it in a constants class in a *Names.cs file";
        }
    }

    public static IEnumerable<string> CheckCommittedWrites(SourceFile file)
    {
        if (!file.Path.StartsWith("src/Cascade.Grains/", StringComparison.Ordinal)
            || file.FileName.StartsWith("CommittedState", StringComparison.Ordinal))
        {
            yield break;
        }

        foreach (Match match in StateWrite().Matches(file.Code))
        {
            yield return $"{file.At(match.Index)}: writes grain state directly; use the committed write, which restores memory when a write fails";
        }
    }

    /// <summary>Calls between grains follow the arrows: router, then budget and endpoint; never back, never between those two.</summary>
    public static IEnumerable<string> CheckCallDirection(SourceFile file)
    {
        (string Implements, string[] Forbidden)[] rules =
        [
            ("ITenantBudgetGrain", ["ICascadeRouterGrain", "IModelEndpointGrain", "IModelCaller", "IVerifier"]),
            ("IModelEndpointGrain", ["ICascadeRouterGrain", "ITenantBudgetGrain", "IModelCaller", "IVerifier"]),
            ("ICatalogGrain", ["ICascadeRouterGrain", "ITenantBudgetGrain", "IModelEndpointGrain"]),
        ];
        foreach (var (implements, forbidden) in rules)
        {
            var classHeader = Regex.Match(file.Code, $@"\bclass\s+\w+Grain\b[^{{;]*:[^{{;]*\b{implements}\b");
            foreach (var name in forbidden.Where(name => classHeader.Success && Regex.IsMatch(file.Code, $@"\b{name}\b")))
            {
                yield return $"{file}: a grain behind {implements} uses {name}, against the direction of calls";
            }
        }
    }

    /// <summary>Waiting for a task that is known to be complete is fine where the line above says why it is.</summary>
    private static bool HasReasonAbove(SourceFile file, int offset)
    {
        var lines = file.Text[..offset].Split('\n');
        return lines.Length > 1 && lines[^2].TrimStart().StartsWith("//", StringComparison.Ordinal);
    }

    private static string Comments(SourceFile file)
    {
        var result = file.Text.ToCharArray();
        for (var at = 0; at < result.Length; at++)
        {
            if (file.CodeAndStrings[at] == result[at] && result[at] != '\n')
            {
                result[at] = ' ';
            }
        }

        return new string(result);
    }

    [GeneratedRegex(@"\bnamespace\s+([\w.]+)\s*;")]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\.ConfigureAwait\s*\(\s*false\s*\)|\.GetAwaiter\s*\(\s*\)\s*\.GetResult\s*\(|\bnew\s+NotImplementedException\b|\basync\s+void\b|#pragma\s+warning\s+disable\s*$|\[MayInterleave\b", RegexOptions.Multiline)]
    private static partial Regex BannedCode();

    [GeneratedRegex(@"\bcatch\b\s*(\(\s*(?<type>[\w.]+)[^)]*\))?\s*(?<when>when\s*\((?:[^()]|\([^()]*\))*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex UnfinishedWork();

    [GeneratedRegex(@"\bSkip\s*=(?!=|>)")]
    private static partial Regex StaticSkip();

    [GeneratedRegex("""Trait\(\s*"Quarantine"\s*,""")]
    private static partial Regex Quarantined();

    [GeneratedRegex("""Trait\(\s*"QuarantineUntil"\s*,\s*"([^"]*)"\s*\)""")]
    private static partial Regex QuarantineEnd();

    [GeneratedRegex("""Trait\(\s*"QuarantineReason"\s*,\s*"[^"]+"\s*\)""")]
    private static partial Regex QuarantineReason();

    [GeneratedRegex("""(\.(Create(Counter|Histogram|UpDownCounter|Gauge|ObservableCounter|ObservableGauge|ObservableUpDownCounter)(<\w+>)?|StartActivity|SetTag|AddTag|AddMeter|AddSource)|\bnew\s+(Meter|ActivitySource))\(\s*\$?"|\bnew\s+KeyValuePair<string,\s*object\?>\(\s*\$?"|\bTagList\s*\{\s*\{\s*\$?["]""")]
    private static partial Regex LiteralInstrumentName();

    [GeneratedRegex(@"\.(WriteStateAsync|ClearStateAsync)\s*\(")]
    private static partial Regex StateWrite();
}
