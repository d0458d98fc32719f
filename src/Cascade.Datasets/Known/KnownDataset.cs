using System.Collections.Immutable;

namespace Cascade.Datasets;

/// <summary>A published data set whose files' columns are known here. Data: the files themselves are read where they are.</summary>
public sealed record KnownDataset
{
    /// <summary>The name, <c>collection/part</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, what its costs are in, and what is to be borne in mind; one or two sentences.</summary>
    public required string Description { get; init; }

    /// <summary>Whether costs are dollars; some publishers give units of their own.</summary>
    public bool CostsAreDollars { get; init; } = true;

    /// <summary>The files and how to read them; paths are relative to the data folder.</summary>
    public required OutcomeSource Source { get; init; }

    /// <summary>The published split to fit and choose on, and the one to report on; null when the publisher made none, or not for both.</summary>
    public (string Fit, string Report)? PublishedSplits { get; init; }

    /// <summary>The files below a folder.</summary>
    /// <param name="folder">The data folder.</param>
    /// <returns>The source with full paths.</returns>
    public OutcomeSource In(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Source with
        {
            Files = [.. Source.Files.Select(file => file with { Path = Path.Combine(folder, file.Path) })],
            Texts = Source.Texts is { } texts ? texts with { Path = Path.Combine(folder, texts.Path) } : null,
        };
    }

    /// <summary>Which of the files a folder lacks.</summary>
    /// <param name="folder">The data folder.</param>
    /// <returns>Full paths; empty when all are there.</returns>
    public ImmutableArray<string> MissingIn(string folder)
    {
        var source = In(folder);
        return [.. source.Files.Select(file => file.Path).Concat(source.Texts is { } texts ? [texts.Path] : []).Where(path => !File.Exists(path))];
    }
}
