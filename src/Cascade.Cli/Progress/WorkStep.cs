namespace Cascade.Cli.Progress;

/// <summary>How far a long piece of work is.</summary>
/// <param name="What">What it is at.</param>
/// <param name="Done">Steps of it that are done.</param>
/// <param name="Total">Steps of it, at least 1.</param>
internal readonly record struct WorkStep(string What, double Done, double Total);
