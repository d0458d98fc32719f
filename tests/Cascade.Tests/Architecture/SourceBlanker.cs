namespace Cascade.Tests.Architecture;

/// <summary>Replaces comments, and string contents if asked, by spaces; newlines stay, so that offsets and lines do not move.</summary>
internal sealed class SourceBlanker
{
    private readonly string _text;
    private readonly char[] _result;
    private readonly bool _keepStrings;
    private int _at;

    private SourceBlanker(string text, bool keepStrings)
    {
        _text = text;
        _result = text.ToCharArray();
        _keepStrings = keepStrings;
    }

    public static string Blank(string text, bool keepStrings)
    {
        var blanker = new SourceBlanker(text, keepStrings);
        blanker.Code(insideHole: false);
        return new string(blanker._result);
    }

    private void Code(bool insideHole)
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '/' && Peek(1) == '/')
            {
                BlankWhile(() => _text[_at] != '\n');
            }
            else if (c == '/' && Peek(1) == '*')
            {
                var end = _text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
                BlankTo(end < 0 ? _text.Length : end + 2);
            }
            else if (c == '\'')
            {
                Character();
            }
            else if (c is '"' or '$' or '@' && TryString())
            {
                continue;
            }
            else
            {
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (insideHole && depth < 0)
                {
                    return;
                }

                _at++;
            }
        }
    }

    private bool TryString()
    {
        var quote = _at;
        while (quote < _text.Length && _text[quote] is '$' or '@')
        {
            quote++;
        }

        if (quote >= _text.Length || _text[quote] != '"')
        {
            return false;
        }

        var prefix = _text[_at..quote];
        var quotes = 1;
        while (quote + quotes < _text.Length && _text[quote + quotes] == '"')
        {
            quotes++;
        }

        _at = quote;
        if (quotes >= 3 && !prefix.Contains('@'))
        {
            Raw(quotes);
        }
        else
        {
            _at++;
            Quoted(interpolated: prefix.Contains('$'), verbatim: prefix.Contains('@'));
        }

        return true;
    }

    private void Raw(int quotes)
    {
        var end = _text.IndexOf(new string('"', quotes), _at + quotes, StringComparison.Ordinal);
        _at += quotes;
        BlankString(end < 0 ? _text.Length : end);
        _at = Math.Min(_text.Length, _at + quotes);
    }

    private void Quoted(bool interpolated, bool verbatim)
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '"' && !(verbatim && Peek(1) == '"'))
            {
                _at++;
                return;
            }

            if (interpolated && c == '{' && Peek(1) != '{')
            {
                _at++;
                Code(insideHole: true);
                _at++;
                continue;
            }

            var pair = (c == '\\' && !verbatim) || (c == '"' && verbatim) || (interpolated && c is '{' or '}' && Peek(1) == c);
            BlankString(Math.Min(_text.Length, _at + (pair ? 2 : 1)));
        }
    }

    private void Character()
    {
        var end = _at + 1;
        while (end < _text.Length && _text[end] != '\'' && _text[end] != '\n')
        {
            end += _text[end] == '\\' ? 2 : 1;
        }

        BlankString(Math.Min(_text.Length, end + 1));
    }

    private char Peek(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void BlankString(int end)
    {
        if (_keepStrings)
        {
            _at = end;
            return;
        }

        BlankTo(end);
    }

    private void BlankTo(int end) => BlankWhile(() => _at < end);

    private void BlankWhile(Func<bool> inside)
    {
        while (_at < _text.Length && inside())
        {
            if (_result[_at] is not ('\n' or '\r'))
            {
                _result[_at] = ' ';
            }

            _at++;
        }
    }
}
