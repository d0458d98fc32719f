namespace Cascade.Planning.Fitting;

/// <summary>What a fit is at.</summary>
public enum FitStage
{
    /// <summary>Not begun.</summary>
    None = 0,

    /// <summary>Score models.</summary>
    Scores = 1,

    /// <summary>Strategies: fitting, and running their candidates over the rows to choose on.</summary>
    Strategies = 2,

    /// <summary>The choice among strategies.</summary>
    Choice = 3,

    /// <summary>Running what was chosen over the rows to report on.</summary>
    Report = 4,
}

/// <summary>How far a fit is. Reports of strategies come from several threads in no fixed order.</summary>
/// <param name="Stage">What it is at.</param>
/// <param name="Strategy">The strategy that was finished last; null when none.</param>
/// <param name="Done">Steps of the stage that are done.</param>
/// <param name="Total">Steps of the stage.</param>
public sealed record FitProgress(FitStage Stage, string? Strategy, int Done, int Total);
