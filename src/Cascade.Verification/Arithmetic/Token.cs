namespace Cascade.Verification;

internal enum TokenKind
{
    /// <summary>Ends whatever was being read: punctuation, a line's end, a word that joins clauses.</summary>
    Break = 0,
    Number = 1,
    Operator = 2,
    Open = 3,
    Close = 4,
    Equal = 5,

    /// <summary>A word that can be a unit.</summary>
    Word = 6,

    /// <summary>A letter or symbol that stands for a number we do not know.</summary>
    Unknown = 7,
}

/// <summary>A piece of an answer, as the equation reader sees it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Operator">One of <c>+ - * / ^</c> when it is an operator.</param>
/// <param name="Value">The number; percentages are already divided by 100.</param>
/// <param name="Places">Digits after the point as written.</param>
/// <param name="IsPercent">Whether a percent sign follows.</param>
internal readonly record struct Token(TokenKind Kind, char Operator = '\0', Rational Value = default, int Places = 0, bool IsPercent = false);
