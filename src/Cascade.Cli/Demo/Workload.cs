namespace Cascade.Cli.Demo;

/// <summary>A question with its label, and what is known beforehand of how it would be answered.</summary>
internal sealed record DemoQuestion(string Id, string Prompt, string Answer)
{
    /// <summary>Null when answers are not known before they are paid for.</summary>
    public Foreknowledge? Known { get; init; }
}

/// <summary>What each model answers to a question, by itself.</summary>
internal sealed record Foreknowledge
{
    public required long CheapNanos { get; init; }

    public required long JudgeNanos { get; init; }

    public required long StrongNanos { get; init; }

    public required bool CheapRight { get; init; }

    public required bool StrongRight { get; init; }

    /// <summary>Whether the draft and the second opinion have the same final answer.</summary>
    public required bool Agree { get; init; }
}

/// <summary>The questions every tenant asks, in order.</summary>
internal sealed record Workload(DemoSource Source, DemoSetup Setup, IReadOnlyList<DemoQuestion> Questions)
{
    /// <summary>Share of right answers when only the cheap model is asked; null when it is not known.</summary>
    public double? CheapAlone => Share(known => known.CheapRight);

    /// <summary>Share of right answers when only the strong model is asked; null when it is not known.</summary>
    public double? StrongAlone => Share(known => known.StrongRight);

    private double? Share(Func<Foreknowledge, bool> right) => Questions.All(question => question.Known is not null)
        ? Questions.Count(question => right(question.Known!)) / (double)Questions.Count
        : null;
}
