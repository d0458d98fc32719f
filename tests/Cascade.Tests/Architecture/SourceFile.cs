namespace Cascade.Tests.Architecture;

/// <summary>A C# file with two views of its text that keep every line where it is.</summary>
internal sealed class SourceFile
{
    private readonly Lazy<string> _code;
    private readonly Lazy<string> _codeAndStrings;

    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        _code = new Lazy<string>(() => SourceBlanker.Blank(text, keepStrings: false));
        _codeAndStrings = new Lazy<string>(() => SourceBlanker.Blank(text, keepStrings: true));
    }

    public string Path { get; }

    public string Text { get; }

    /// <summary>The text with comments and the contents of strings blanked.</summary>
    public string Code => _code.Value;

    /// <summary>The text with comments blanked.</summary>
    public string CodeAndStrings => _codeAndStrings.Value;

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public string FileName => System.IO.Path.GetFileName(Path);

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Where an offset of the text is, for a message.</summary>
    public string At(int offset) => $"{Path}:{Text.AsSpan(0, offset).Count('\n') + 1}";

    public override string ToString() => Path;
}
