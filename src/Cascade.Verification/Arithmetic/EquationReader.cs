using System.Runtime.InteropServices;

namespace Cascade.Verification;

/// <summary>Finds the equations of an answer and recomputes them.</summary>
internal static class EquationReader
{
    /// <summary>Longer sides are not arithmetic that a person writes, and evaluating them is not free.</summary>
    private const int MaxSideTokens = 200;

    internal static EquationFindings Read(ReadOnlySpan<char> answer, int maxEquations)
    {
        var tokens = Tokenizer.Read(answer);
        var findings = new EquationFindings();
        var all = CollectionsMarshal.AsSpan(tokens);
        for (var start = 0; start < all.Length && findings.Found < maxEquations;)
        {
            var length = 0;
            while (start + length < all.Length && all[start + length].Kind != TokenKind.Break)
            {
                length++;
            }

            Chain(all.Slice(start, length), findings, maxEquations);
            start += length + 1;
        }

        return findings;
    }

    private static void Chain(ReadOnlySpan<Token> run, EquationFindings findings, int maxEquations)
    {
        var left = Side.Unknown;
        var first = true;
        while (findings.Found < maxEquations)
        {
            var end = EndOfSide(run);
            var last = end == run.Length;
            var side = Evaluate(run[..end], first, last);
            if (!first)
            {
                findings.Compare(left, side);
            }

            if (last)
            {
                return;
            }

            left = side;
            first = false;
            run = run[(end + 1)..];
        }
    }

    private static int EndOfSide(ReadOnlySpan<Token> run)
    {
        for (var i = 0; i < run.Length; i++)
        {
            if (run[i].Kind == TokenKind.Equal)
            {
                return i;
            }
        }

        return run.Length;
    }

    // The first side begins somewhere in a sentence and the last one ends in one; what is between two '=' is arithmetic or it is not.
    private static Side Evaluate(ReadOnlySpan<Token> side, bool first, bool last)
    {
        side = first ? side[StartOfExpression(side)..] : side;
        side = last ? side[..EndOfExpression(side)] : side;
        while (!side.IsEmpty && side[0].Kind == TokenKind.Word)
        {
            side = side[1..];
        }

        return side.IsEmpty || side.Length > MaxSideTokens ? Side.Unknown : SideParser.Parse(side);
    }

    // Backwards from the '=': the expression starts behind the last two operands that no operator joins.
    private static int StartOfExpression(ReadOnlySpan<Token> side)
    {
        var words = 0;
        var wantsOperand = true;
        var depth = 0;
        for (var i = side.Length - 1; i >= 0; i--)
        {
            var kind = side[i].Kind;
            if (kind == TokenKind.Word)
            {
                words++;
                continue;
            }

            if (kind is TokenKind.Number or TokenKind.Close && !wantsOperand && depth == 0)
            {
                // Two numbers side by side, or a few words apart, may be one quantity ("1 1/2", "5 hours 30"): leave them to the parser,
                // which finds them unreadable.
                return words > 2 ? i + 1 : i;
            }

            depth += kind == TokenKind.Close ? 1 : kind == TokenKind.Open ? -1 : 0;
            if (depth < 0)
            {
                return i + 1;
            }

            wantsOperand = kind is TokenKind.Operator or TokenKind.Unknown || (kind == TokenKind.Close && depth > 0);
            words = 0;
        }

        return 0;
    }

    // A lone result ends at its first number and unit; what follows is the sentence going on. An operator means that the side goes on.
    private static int EndOfExpression(ReadOnlySpan<Token> side)
    {
        var depth = 0;
        for (var i = 0; i < side.Length; i++)
        {
            depth += side[i].Kind == TokenKind.Open ? 1 : side[i].Kind == TokenKind.Close ? -1 : 0;
            if (depth < 0)
            {
                return i;
            }

            var afterOperand = i > 0 && depth == 0 && side[i - 1].Kind is TokenKind.Word;
            if (afterOperand && side[i].Kind is TokenKind.Number or TokenKind.Open && HasNumber(side[..i]))
            {
                return i;
            }
        }

        return side.Length;
    }

    private static bool HasNumber(ReadOnlySpan<Token> tokens)
    {
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Number)
            {
                return true;
            }
        }

        return false;
    }
}
