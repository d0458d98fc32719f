using Xunit;

namespace Cascade.Tests.Architecture;

public sealed class ScannerTests
{
    [Theory]
    [InlineData("a; // b { \"\nc;", "a;         \nc;")]
    [InlineData("a /* { */ b", "a         b")]
    [InlineData("x = \"{ \\\" }\";", "x = \"      \";")]
    [InlineData("x = @\"\"\"{\";", "x = @\"   \";")]
    [InlineData("x = '{';", "x =    ;")]
    [InlineData("x = '\\'';", "x =     ;")]
    [InlineData("x = $\"a{f(\"}\")}b\";", "x = $\" {f(\" \")} \";")]
    [InlineData("x = $\"{{}}{y}\";", "x = $\"    {y}\";")]
    [InlineData("x = \"\"\"{ \" }\"\"\";", "x = \"\"\"     \"\"\";")]
    public void Blank_CommentsAndStrings_BecomeSpaces(string text, string expected) =>
        Assert.Equal(expected, SourceBlanker.Blank(text, keepStrings: false));

    [Fact]
    public void Blank_KeepingStrings_BlanksCommentsOnly() =>
        Assert.Equal("x = \"// not one\";       ", SourceBlanker.Blank("x = \"// not one\"; // one", keepStrings: true));

    [Fact]
    public void Scan_EveryKindOfMember_IsMeasured()
    {
        const string Code = """
            namespace A.B;

            [Alias(1)]
            public sealed record R(int X) : IThing
            {
                private static readonly int[] Table =
                [
                    1,
                ];

                public int Property { get; init; } = 3;

                [Attribute(2)]
                public static R operator +(R a, R b) =>
                    new(a.X);

                public T Generic<T>(T value)
                    where T : class
                {
                    return Inner(() =>
                    {
                        return value;
                    });
                }

                private sealed class Nested
                {
                    public int Arrow => 1 switch
                    {
                        _ => 2,
                    };
                }
            }

            internal enum E { None = 0 }
            """;

        var members = MemberScanner.Scan(Code);

        Assert.Equal(
            ["public int Property { get; init;:1", "public static R operator +(R a, R b) =>:3", "public T Generic<T>(T value):8", "public int Arrow => 1 switch:4"],
            members.Select(member => $"{member.Header.TrimEnd(' ', '}')}:{member.Lines}"));
    }

    [Fact]
    public void Scan_WholeTree_FindsMembersInMostFiles()
    {
        var files = RepositoryTree.Sources.Where(file => file.Code.Contains('(', StringComparison.Ordinal)).ToList();
        var scanned = files.Count(file => MemberScanner.Scan(file.Code).Count > 0);

        Assert.True(scanned * 10 >= files.Count * 7, $"{scanned} of {files.Count} files have members");
    }

    [Fact]
    public void Blank_WholeTree_LeavesBracesBalanced() => Rule.Holds(RepositoryTree.Sources
        .Where(file => file.Code.Count(c => c == '{') != file.Code.Count(c => c == '}'))
        .Select(file => $"{file}: the scanner lost its way in a string or a comment"));
}
