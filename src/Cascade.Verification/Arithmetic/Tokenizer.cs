using System.Collections.Frozen;

namespace Cascade.Verification;

/// <summary>Cuts an answer into tokens in one pass over its characters.</summary>
internal sealed class Tokenizer
{
    private static readonly FrozenSet<string> Joining = new[]
    {
        "and", "or", "so", "but", "then", "if", "is", "are", "was", "were", "be", "because", "since", "which", "that", "this", "he", "she",
        "they", "we", "it", "there", "has", "have", "had", "gives", "equals", "means", "plus", "minus", "times", "divided", "half", "twice",
        "double", "dozen", "hundred", "thousand", "million", "billion", "to", "step", "at", "mod",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly (string Text, Token Token)[] Escapes =
    [
        ("\\times", new Token(TokenKind.Operator, '*')),
        ("\\cdot", new Token(TokenKind.Operator, '*')),
        ("\\div", new Token(TokenKind.Operator, '/')),
        ("\\frac", new Token(TokenKind.Unknown)),
        ("\\u00d7", new Token(TokenKind.Operator, '*')),
        ("\\u00f7", new Token(TokenKind.Operator, '/')),
    ];

    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private int _at;

    private Tokenizer(string text) => _text = text;

    private char Current => _text[_at];

    internal static List<Token> Read(ReadOnlySpan<char> answer)
    {
        var folded = string.Create(answer.Length, answer, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                target[i] = NumberReader.Fold(source[i]);
            }
        });
        var tokenizer = new Tokenizer(folded);
        while (tokenizer._at < folded.Length)
        {
            tokenizer.Next();
        }

        return tokenizer._tokens;
    }

    private void Next()
    {
        var c = Current;
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            Number();
        }
        else if (char.IsLetter(c) || c == '_')
        {
            Word();
        }
        else if (c == '\\')
        {
            Escape();
        }
        else
        {
            Symbol(c);
        }
    }

    private void Number()
    {
        var start = _at;
        if (!NumberReader.TryRead(_text, ref _at, out var value, out var places))
        {
            _at = Math.Max(_at, start + 1);
            Add(new Token(TokenKind.Unknown));
            return;
        }

        if (IsListMarker(start))
        {
            _at++;
            Add(new Token(TokenKind.Break));
            return;
        }

        if (Peek(0) == ':' && char.IsAsciiDigit(Peek(1)))
        {
            SkipClock();
            return;
        }

        // "0.333..." says itself that digits are left out.
        _at += Peek(0) == '.' && Peek(1) == '.' && Peek(2) == '.' ? 3 : Peek(0) == '\u2026' ? 1 : 0;
        var percent = Peek(0) == '%' || (Peek(0) is ' ' or '\\' && Peek(1) == '%');
        _at += percent ? (Peek(0) == '%' ? 1 : 2) : 0;
        value = percent ? value * Rational.PowerOfTen(-2) : value;
        Add(new Token(TokenKind.Number, Value: value, Places: percent ? places + 2 : places, IsPercent: percent));
    }

    // "5:00 - 3" reckons with hours, "3:5" with shares.
    private void SkipClock()
    {
        while (_at < _text.Length && (Current == ':' || char.IsAsciiDigit(Current)))
        {
            _at++;
        }

        Add(new Token(TokenKind.Unknown));
    }

    // "2. 5 + 3 = 8" at a line's start numbers a step.
    private bool IsListMarker(int start)
    {
        if (Peek(0) is not ('.' or ')') || !char.IsWhiteSpace(Peek(1)))
        {
            return false;
        }

        var i = start - 1;
        while (i >= 0 && _text[i] is ' ' or '\t' or '*' or '#')
        {
            i--;
        }

        return i < 0 || _text[i] is '\n' or '\r' or '"' || (_text[i] == 'n' && i > 0 && _text[i - 1] == '\\');
    }

    private void Word()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsLetter(Current) || Current == '_' || IsWithinWord()))
        {
            _at++;
        }

        var length = _at - start;
        var glued = start > 0 && char.IsAsciiDigit(_text[start - 1]);
        var first = char.ToLowerInvariant(_text[start]);
        if (length == 1 && first == 'x' && StartsOperand())
        {
            Add(new Token(TokenKind.Operator, '*'));
        }
        else if (length == 1 && (first != 'a' || glued))
        {
            Add(new Token(TokenKind.Unknown));
        }
        else if (length <= 10 && Joining.GetAlternateLookup<ReadOnlySpan<char>>().Contains(_text.AsSpan(start, length)))
        {
            Add(new Token(TokenKind.Break));
        }
        else if (length == 2 && _text.AsSpan(start, length).Equals("of", StringComparison.OrdinalIgnoreCase))
        {
            AddOf();
        }
        else
        {
            Add(new Token(TokenKind.Word));
        }
    }

    private bool IsWithinWord() => Current is '\'' or '-' or '/' or '\u2019' && char.IsLetter(Peek(-1)) && char.IsLetter(Peek(1));

    // "20% of 50" and "3/4 of 20" multiply; "a total of 5" does not.
    private void AddOf() => Add(_tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number && StartsOperand()
        ? new Token(TokenKind.Operator, '*')
        : new Token(TokenKind.Break));

    private bool StartsOperand()
    {
        var i = _at;
        while (i < _text.Length && _text[i] is ' ' or '$' or '(')
        {
            i++;
        }

        return i < _text.Length && (char.IsAsciiDigit(_text[i]) || (_text[i] == '.' && i + 1 < _text.Length && char.IsAsciiDigit(_text[i + 1])));
    }

    private void Escape()
    {
        var rest = _text.AsSpan(_at);
        foreach (var (text, token) in Escapes)
        {
            if (rest.StartsWith(text, StringComparison.OrdinalIgnoreCase))
            {
                Add(token);
                _at += text.Length;
                return;
            }
        }

        switch (Peek(1))
        {
            // Escaped for Markdown or TeX: the symbol itself follows.
            case '*' or '$' or '%' or '\\' or '/' or '-' or '+' or '(' or ')' or '[' or ']' or '=':
                _at += Peek(1) is '(' or ')' or '[' or ']' ? 2 : 1;
                break;
            case 'n' or 'r' or 't' or '"':
                Add(new Token(TokenKind.Break));
                _at += 2;
                break;
            default:
                Add(new Token(TokenKind.Unknown));
                _at++;
                SkipLetters();
                break;
        }
    }

    private void SkipLetters()
    {
        while (_at < _text.Length && char.IsAsciiLetter(Current))
        {
            _at++;
        }
    }

    private void Symbol(char c)
    {
        _at++;
        switch (c)
        {
            case ' ' or '\t' or '$' or '\u00A0':
                break;
            case '*' when Peek(0) == '*':
                _at++;
                break;
            case '*' or '-' or '+' when IsBullet():
                Add(new Token(TokenKind.Break));
                break;
            case '/' when char.IsLetter(Peek(0)):
                break;
            case '+' or '*' or '/' or '^':
                Add(new Token(TokenKind.Operator, c));
                break;
            case '-':
                Minus();
                break;
            case '(' or '[':
                Open();
                break;
            case ')' or ']':
                Add(new Token(TokenKind.Close));
                break;
            case '=':
                Add(new Token(Peek(0) is '=' or '>' || Peek(-2) is '<' or '>' or '!' or '~' or '\u2248' ? TokenKind.Break : TokenKind.Equal));
                break;
            case '\'' or '"' or '`' or '\u2019' or '\u00B0' or '#':
                break;
            case '%':
                Add(new Token(TokenKind.Unknown));
                break;
            default:
                Add(new Token(TokenKind.Break));
                break;
        }
    }

    // "2(3 + 4)" multiplies; "week 2 (240)" names a week.
    private void Open()
    {
        if (_tokens.Count > 0 && _tokens[^1].Kind == TokenKind.Number && Peek(-2) == ' ')
        {
            Add(new Token(TokenKind.Unknown));
        }

        Add(new Token(TokenKind.Open));
    }

    private bool IsBullet()
    {
        if (Peek(0) != ' ')
        {
            return false;
        }

        var i = _at - 2;
        while (i >= 0 && _text[i] is ' ' or '\t')
        {
            i--;
        }

        return i < 0 || _text[i] is '\n' or '\r' || (_text[i] == 'n' && i > 0 && _text[i - 1] == '\\');
    }

    private void Minus()
    {
        var before = Peek(-2);
        var hyphen = char.IsLetter(Peek(0)) || (char.IsLetter(before) && char.IsAsciiDigit(Peek(0)));
        Add(hyphen ? new Token(TokenKind.Word) : new Token(TokenKind.Operator, '-'));
    }

    private char Peek(int offset) => _at + offset >= 0 && _at + offset < _text.Length ? _text[_at + offset] : '\0';

    private void Add(Token token) => _tokens.Add(token);
}
