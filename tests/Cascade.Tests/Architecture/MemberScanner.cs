using System.Text.RegularExpressions;

namespace Cascade.Tests.Architecture;

/// <summary>A member with code in it.</summary>
internal sealed record MemberSpan(string Header, int FirstLine, int Lines);

/// <summary>Finds the members of types in blanked source by following braces; it knows no grammar beyond that.</summary>
internal static partial class MemberScanner
{
    public static IReadOnlyList<MemberSpan> Scan(string code)
    {
        var members = new List<MemberSpan>();
        var types = new Stack<int>();
        var depth = 0;
        var nesting = 0;
        var start = 0;
        for (var at = 0; at < code.Length; at++)
        {
            var c = code[at];
            nesting += c is '(' or '[' ? 1 : c is ')' or ']' ? -1 : 0;
            var memberLevel = types.Count == 0 ? depth == 0 : depth == types.Peek();
            if (c == '{')
            {
                depth++;
                if (memberLevel && nesting == 0 && OpensType(code[start..at]))
                {
                    types.Push(depth);
                    start = at + 1;
                }
            }
            else if (c == '}')
            {
                var endsType = types.Count > 0 && types.Peek() == depth;
                depth--;
                if (endsType)
                {
                    types.Pop();
                    start = at + 1;
                }
                else if (types.Count > 0 && depth == types.Peek() && nesting == 0)
                {
                    Add(members, code, start, at);
                    start = at + 1;
                }
            }
            else if (c == ';' && memberLevel && nesting == 0)
            {
                Add(members, code, start, at);
                start = at + 1;
            }
        }

        return members;
    }

    private static bool OpensType(string header)
    {
        var name = LeadingAttributes().Replace(header, "");
        return TypeKeyword().IsMatch(AfterTheName().Replace(name, ""));
    }

    private static void Add(List<MemberSpan> members, string code, int start, int end)
    {
        while (start < end && char.IsWhiteSpace(code[start]))
        {
            start++;
        }

        var text = code[start..end];
        if (HasCode(text))
        {
            var first = code.AsSpan(0, start).Count('\n') + 1;
            var header = text.Split('\n').Select(line => line.Trim()).First(line => line.Length > 0 && !line.StartsWith('['));
            members.Add(new MemberSpan(header, first, text.AsSpan().Count('\n') + 1));
        }
    }

    /// <summary>Fields and tables begin with '=', code with a block or an arrow.</summary>
    private static bool HasCode(string member)
    {
        if (OperatorHeader().IsMatch(member))
        {
            return true;
        }

        var nesting = 0;
        for (var at = 0; at < member.Length; at++)
        {
            nesting += member[at] is '(' or '[' ? 1 : member[at] is ')' or ']' ? -1 : 0;
            if (nesting == 0 && member[at] is '{' or '=')
            {
                return member[at] == '{' || (at + 1 < member.Length && member[at + 1] == '>');
            }
        }

        return false;
    }

    [GeneratedRegex(@"\b(namespace|class|struct|record|interface|enum|extension)\b")]
    private static partial Regex TypeKeyword();

    [GeneratedRegex(@"^(\s*\[[^\]]*\])+")]
    private static partial Regex LeadingAttributes();

    [GeneratedRegex(@"(\(|=|\bwhere\b).*$", RegexOptions.Singleline)]
    private static partial Regex AfterTheName();

    [GeneratedRegex(@"\boperator\b")]
    private static partial Regex OperatorHeader();
}
