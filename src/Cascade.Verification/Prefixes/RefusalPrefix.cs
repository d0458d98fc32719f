using System.Text;

namespace Cascade.Verification;

/// <summary>Notices that a draft opens with a phrase of refusal.</summary>
internal sealed class RefusalPrefix : IPrefixCheck
{
    private static readonly int Longest = CompletenessVerifier.RefusalPhrases.Max(phrase => phrase.Length);

    private readonly StringBuilder _start = new();
    private bool _over;

    public string? Add(string text)
    {
        if (_over)
        {
            return null;
        }

        _start.Append(_start.Length == 0 ? text.TrimStart() : text);
        var start = _start.ToString();
        _over = start.Length >= Longest;
        return CompletenessVerifier.IsRefusal(start) ? EvidenceCodes.Refusal : null;
    }
}
