using System.Text;

namespace Cascade.Providers.Replay;

/// <summary>Brings the ways one question can be typed to one form: white space, quotation marks, letter case.</summary>
internal static class QuestionText
{
    public static string Normalize(string text)
    {
        var normal = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            if (!char.IsWhiteSpace(letter))
                normal.Append(Plain(letter));
            else if (normal.Length > 0 && normal[^1] != ' ')
                normal.Append(' ');
        }

        return normal.ToString().TrimEnd();
    }

    private static char Plain(char letter) => letter switch
    {
        '\u2018' or '\u2019' => '\'',
        '\u201C' or '\u201D' => '"',
        '\u2013' or '\u2014' => '-',
        _ => char.ToLowerInvariant(letter),
    };
}
