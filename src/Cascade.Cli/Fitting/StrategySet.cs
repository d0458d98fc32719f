using System.Collections.Immutable;
using Cascade.Learning;
using Cascade.Planning.Fitting;
using Cascade.Planning.Selection;

namespace Cascade.Cli.Fitting;

/// <summary>The strategies that the command line knows.</summary>
internal static class StrategySet
{
    public static ImmutableArray<ICascadeStrategy> All { get; } = [.. FittableStrategies.All, .. LearnedStrategies.All];

    public static ImmutableArray<string> NameList { get; } = [.. All.Select(s => s.Name)];

    public static string Names => string.Join(", ", NameList);

    /// <summary>Names that no strategy has.</summary>
    public static IEnumerable<string> Unknown(IEnumerable<string> names) =>
        names.Where(name => name != AutoChoice.StrategyName && All.All(s => s.Name != name));

    /// <summary>The strategies of some names; all for none and for <c>auto</c>.</summary>
    public static ImmutableArray<ICascadeStrategy> Of(ImmutableArray<string> names) =>
        names.IsEmpty || names.Contains(AutoChoice.StrategyName) ? All : [.. All.Where(s => names.Contains(s.Name))];
}
