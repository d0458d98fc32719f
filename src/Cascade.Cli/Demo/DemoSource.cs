namespace Cascade.Cli.Demo;

/// <summary>Who answers the questions of the demonstration.</summary>
internal enum DemoSource
{
    /// <summary>Never valid.</summary>
    None = 0,

    /// <summary>Recorded answers of real models, with their prices.</summary>
    Replay = 1,

    /// <summary>Solvers of this project on problems of this project; no model has a part in it.</summary>
    Synthetic = 2,

    /// <summary>A real provider, for real money.</summary>
    Live = 3,
}

internal static class DemoSources
{
    public static IReadOnlyList<string> Names { get; } = ["replay", "synthetic", "live"];

    /// <summary>Says in a sentence where the numbers come from.</summary>
    public static string Describe(DemoSource source) => source switch
    {
        DemoSource.Replay => "REPLAY: recorded answers of real models to grade-school maths (ZeroEval, GSM8K), with their token counts and list prices",
        DemoSource.Synthetic => "SYNTHETIC: made-up problems and solvers of this project with stated error rates; no model was asked, no number here is about one",
        DemoSource.Live => "LIVE: a real provider answered problems of this project, for real money",
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "is no source"),
    };
}
