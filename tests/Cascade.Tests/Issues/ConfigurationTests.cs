using Cascade.Tests.Configuration;
using Xunit;

namespace Cascade.Tests.Issues;

/// <summary>How peers take a budget and do not keep it. The trait is the number in the list of their issues.</summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Cascade:Accounts:acme/search:Cap:day", "5")]
    [InlineData("Cascade:Accounts:acme/search:Budget", "5")]
    [InlineData("Cascade:Accounts:acme/search:Caps:0:Amount", "5")]
    [Trait("Peer", "16")]
    public void Budget_GivenUnderAKeyNobodyKnows_IsAProblemAndNotDropped(string key, string value)
    {
        var settings = Settings.Valid();
        settings[key] = value;

        Assert.Contains(Settings.Build(settings).Problems, problem => problem.Contains("is no known key", StringComparison.Ordinal));
    }
}
