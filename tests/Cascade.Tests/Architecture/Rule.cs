using Xunit;

namespace Cascade.Tests.Architecture;

/// <summary>Turns a list of violations into a test result.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> violations)
    {
        var all = violations.Distinct().Order(StringComparer.Ordinal).ToList();
        if (all.Count > 0)
        {
            Assert.Fail($"{all.Count} violation(s):{Environment.NewLine}{string.Join(Environment.NewLine, all)}");
        }
    }
}
