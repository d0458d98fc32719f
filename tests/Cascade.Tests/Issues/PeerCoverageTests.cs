using System.Globalization;
using System.Text.RegularExpressions;
using Cascade.Tests.Architecture;
using Xunit;

namespace Cascade.Tests.Issues;

/// <summary>Every numbered issue of the peers has a test, in whichever test project it runs.</summary>
public sealed partial class PeerCoverageTests
{
    private const int Issues = 46;

    /// <summary>What waits for a capability, and for which.</summary>
    private static readonly Dictionary<int, string> Waiting = new()
    {
    };

    [Fact]
    public void Issues_EachOne_HasATestOrWaitsForACapability()
    {
        var covered = RepositoryTree.Sources.Where(static file => file.Path.Contains("/Issues/", StringComparison.Ordinal))
            .SelectMany(static file => PeerTrait().Matches(file.Text))
            .Select(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ToHashSet();

        Assert.Equal([], Enumerable.Range(1, Issues).Where(number => !covered.Contains(number) && !Waiting.ContainsKey(number)));
        Assert.Equal([], Waiting.Keys.Where(covered.Contains));
        Assert.All(covered, number => Assert.InRange(number, 1, Issues));
    }

    [GeneratedRegex("""\[Trait\("Peer", "(\d+)"\)\]""")]
    private static partial Regex PeerTrait();
}
