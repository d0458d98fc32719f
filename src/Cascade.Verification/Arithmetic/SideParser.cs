using System.Numerics;

namespace Cascade.Verification;

/// <summary>
/// Evaluates one side of an equation by precedence climbing. Words behind a number are units and are stepped over; anything else that is not
/// arithmetic makes the side unknown.
/// </summary>
internal ref struct SideParser
{
    private const int MaxDepth = 32;
    private const int MaxUnitWords = 5;
    private const int MaxExponent = 64;

    private readonly ReadOnlySpan<Token> _tokens;
    private int _at;
    private int _depth;
    private int _operators;
    private bool _hasDecimals;
    private bool _hasPercent;
    private bool _hasPlainSum;
    private bool _hasUnits;

    private SideParser(ReadOnlySpan<Token> tokens) => _tokens = tokens;

    internal static Side Parse(ReadOnlySpan<Token> tokens)
    {
        var parser = new SideParser(tokens);
        var value = parser.Sum();
        // "50 - 20% = 40" means a share of the 50 to its writer: neither reading is certain, so it is not checked.
        var ambiguous = parser._hasPercent && parser._hasPlainSum;
        if (value is not { } known || parser._at < tokens.Length || known.IsTooLarge || ambiguous)
        {
            return Side.Unknown;
        }

        var places = tokens[0].Kind == TokenKind.Number ? tokens[0].Places : tokens.Length > 1 ? tokens[1].Places : 0;
        return new Side(true, known, parser._operators, places, parser._hasDecimals, parser._hasPercent, parser._hasUnits);
    }

    private Rational? Sum()
    {
        var left = Product();
        var plain = left;
        while (left is { } a && Operator() is '+' or '-')
        {
            var minus = _tokens[_at++].Operator == '-';
            _operators++;
            _hasPlainSum |= plain is not null && _hasPercent != AllPercent();
            if (Product() is not { } b)
            {
                return null;
            }

            left = Bounded(minus ? a - b : a + b);
        }

        return left;
    }

    // 100% - 20% is a sum of percentages; 50 - 20% mixes.
    private readonly bool AllPercent()
    {
        foreach (var token in _tokens)
        {
            if (token is { Kind: TokenKind.Number, IsPercent: false })
            {
                return false;
            }
        }

        return true;
    }

    private Rational? Product()
    {
        var left = Power();
        while (left is { } a && (Operator() is '*' or '/' || IsOpen()))
        {
            var divide = !IsOpen() && _tokens[_at].Operator == '/';
            _at += IsOpen() ? 0 : 1;
            _operators++;
            if (Power() is not { } b)
            {
                return null;
            }

            left = divide ? Bounded(Rational.Divide(a, b)) : Bounded(a * b);
        }

        return left;
    }

    private Rational? Power()
    {
        var value = Unary();
        if (value is not { } radix || Operator() != '^')
        {
            return value;
        }

        _at++;
        _operators++;
        if (Unary() is not { IsInteger: true } exponent || exponent.Numerator < 0 || exponent.Numerator > MaxExponent)
        {
            return null;
        }

        var power = (int)exponent.Numerator;
        return radix.Numerator.GetBitLength() * power > Rational.MaxBits || radix.Denominator.GetBitLength() * power > Rational.MaxBits
            ? null
            : new Rational(BigInteger.Pow(radix.Numerator, power), BigInteger.Pow(radix.Denominator, power));
    }

    private Rational? Unary()
    {
        if (Operator() is not '-')
        {
            return Atom();
        }

        _at++;
        return Atom() is { } value ? -value : null;
    }

    private Rational? Atom()
    {
        if (_at >= _tokens.Length)
        {
            return null;
        }

        var token = _tokens[_at];
        if (token.Kind == TokenKind.Number)
        {
            _at++;
            _hasDecimals |= token.Places > 0 && !token.IsPercent;
            _hasPercent |= token.IsPercent;
            SkipUnits();
            return token.Value;
        }

        return token.Kind == TokenKind.Open ? Group() : null;
    }

    private Rational? Group()
    {
        if (++_depth > MaxDepth)
        {
            return null;
        }

        _at++;
        var value = Sum();
        _depth--;
        if (_at >= _tokens.Length || _tokens[_at].Kind != TokenKind.Close)
        {
            return null;
        }

        _at++;
        SkipUnits();
        return value;
    }

    private void SkipUnits()
    {
        for (var words = 0; words < MaxUnitWords && _at < _tokens.Length && _tokens[_at].Kind == TokenKind.Word; words++)
        {
            _at++;
            _hasUnits = true;
        }
    }

    private readonly char Operator() => _at < _tokens.Length && _tokens[_at].Kind == TokenKind.Operator ? _tokens[_at].Operator : '\0';

    private readonly bool IsOpen() => _at < _tokens.Length && _tokens[_at].Kind == TokenKind.Open;

    private static Rational? Bounded(Rational? value) => value is { IsTooLarge: false } ? value : null;
}
