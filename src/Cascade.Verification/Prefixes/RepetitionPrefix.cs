namespace Cascade.Verification;

/// <summary>
/// Notices a model that has fallen into a loop: the text ends with one block of at most 64 characters over and over, for at least 512
/// characters. Looks again only after 128 more characters, and each look costs the same, so a long draft is read in time proportional to it.
/// </summary>
internal sealed class RepetitionPrefix : IPrefixCheck
{
    internal const int LoopChars = 512;
    internal const int LongestBlock = 64;
    private const int Step = 128;

    private readonly char[] _tail = new char[LoopChars];
    private long _length;
    private long _nextLook = LoopChars;

    public string? Add(string text)
    {
        foreach (var letter in text)
        {
            _tail[_length++ % LoopChars] = letter;
            if (_length >= _nextLook)
            {
                _nextLook = _length + Step;
                if (IsLoop())
                {
                    return EvidenceCodes.Repetitive;
                }
            }
        }

        return null;
    }

    internal static bool Contains(string text) => new RepetitionPrefix().Add(text) is not null;

    // A line of dashes, a table of blanks or the end of a long number is no loop of words: a loop has letters in it.
    private bool IsLoop()
    {
        if (!_tail.AsSpan().ContainsAnyInRange('a', 'z') && !_tail.Any(char.IsLetter))
        {
            return false;
        }

        for (var block = 1; block <= LongestBlock; block++)
        {
            if (Repeats(block))
            {
                return true;
            }
        }

        return false;
    }

    private bool Repeats(int block)
    {
        for (var i = 0; i < LoopChars - block; i++)
        {
            if (_tail[(_length + i) % LoopChars] != _tail[(_length + i + block) % LoopChars])
            {
                return false;
            }
        }

        return true;
    }
}
