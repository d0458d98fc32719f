using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Cascade.Tests.Configuration;

/// <summary>Keys that accounts have at providers: where they are, for which endpoints, and everything that can be wrong with that.</summary>
public sealed class ProviderKeyTests
{
    private const string Keys = "Cascade:Accounts:acme/search:ProviderKeys";

    // A variable that every process has, so that no test changes the environment.
    private const string Present = "PATH";

    [Fact]
    public void Build_KeysOfAnAccountAndATemplate_AreReadByEndpoint()
    {
        var settings = WithRemotes();
        settings[$"{Keys}:0:Endpoints:0"] = "gpt";
        settings[$"{Keys}:0:Endpoints:1"] = "gpt-mini";
        settings[$"{Keys}:0:ApiKeyEnvironment"] = Present;
        settings["Cascade:Accounts:acme/search/*:ProviderKeys:0:Endpoints:0"] = "gpt";
        settings["Cascade:Accounts:acme/search/*:ProviderKeys:0:ApiKeyFile"] = typeof(ProviderKeyTests).Assembly.Location;

        var result = Settings.Build(settings);

        Assert.Empty(result.Problems);
        var own = result.Model!.FindAccount(new AccountId("acme/search"))!.OwnKeys;
        Assert.Equal(["gpt", "gpt-mini"], own.Keys.Order(StringComparer.Ordinal));
        Assert.Same(own["gpt"].Key, own["gpt-mini"].Key);
        Assert.Equal(["gpt"], result.Model.FindAccount(new AccountId("acme/search/c42"))!.OwnKeys.Keys);
    }

    [Theory]
    [InlineData("gtp", "Endpoints:0 is 'gtp', which is no configured endpoint; did you mean 'gpt'?")]
    [InlineData("GPT", "Endpoints:0 is 'GPT', which is no configured endpoint; did you mean 'gpt'?")]
    [InlineData("gpts", "Endpoints:0 is 'gpts', which is a group")]
    [InlineData("weak", "Endpoints:0 is 'weak', whose provider 'synthetic' takes no key; remove it")]
    public void Build_EndpointThatTakesNoKey_IsNamed(string endpoint, string problem)
    {
        var settings = WithRemotes();
        settings[$"{Keys}:0:Endpoints:0"] = endpoint;
        settings[$"{Keys}:0:ApiKeyEnvironment"] = Present;

        Assert.StartsWith($"{Keys}:0:{problem}", Assert.Single(Settings.Build(settings).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_KeyForTwoProviders_IsRefusedBecauseItWouldBeSentToBoth()
    {
        var settings = WithRemotes();
        settings[$"{Keys}:0:Endpoints:0"] = "gpt";
        settings[$"{Keys}:0:Endpoints:1"] = "elsewhere";
        settings[$"{Keys}:0:ApiKeyEnvironment"] = Present;

        Assert.StartsWith($"{Keys}:0:Endpoints has 'gpt' and 'elsewhere', which are at different providers", Assert.Single(Settings.Build(settings).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_EverythingIsWrong_IsToldAtOnceAndNeverAKey()
    {
        var settings = WithRemotes();
        settings[$"{Keys}:0:ApiKeyEnvironment"] = "sk-pasted-key";
        settings[$"{Keys}:1:Endpoints:0"] = "gpt";
        settings[$"{Keys}:1:ApiKeyFile"] = "/no/such/sk-pasted-key";
        settings[$"{Keys}:2:Endpoints:0"] = "gpt";
        settings[$"{Keys}:2:ApiKeyEnvironment"] = Present;
        settings[$"{Keys}:2:ApiKeyFile"] = "also";
        settings[$"{Keys}:3:Endpoints:0"] = "gpt-mini";

        var problems = Settings.Build(settings).Problems;

        Assert.Equal(
            [
                $"{Keys}:0:ApiKeyEnvironment names a variable that is not set",
                $"{Keys}:0:Endpoints is empty",
                $"{Keys}:1:ApiKeyFile names a file that does not exist",
                $"{Keys}:2:ApiKeyFile is set although ApiKeyEnvironment is; keep one of the two",
                $"{Keys}:2:Endpoints:0 is 'gpt' again",
                $"{Keys}:3:ApiKeyEnvironment is not set, nor is ApiKeyFile",
            ],
            problems.Select(problem => problem.Split(';')[0]).Zip(
                ["", "", "", "; keep one of the two", "", ""], static (problem, end) => problem + end).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(problems, problem => problem.Contains("sk-pasted-key", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_ProcessThatCallsNoModel_NeedsNoKey()
    {
        var settings = WithRemotes();
        settings[$"{Keys}:0:Endpoints:0"] = "gpt";
        settings[$"{Keys}:0:ApiKeyEnvironment"] = "CASCADE_TEST_NO_SUCH_KEY";
        var reading = CascadeConfigReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        Assert.Empty(ClusterModelBuilder.Build(reading.Config, callers: null).Problems);
    }

    private static Dictionary<string, string?> WithRemotes()
    {
        var settings = Settings.Valid();
        foreach (var (name, host, group) in new[] { ("gpt", "https://one.example/v1", "gpts"), ("gpt-mini", "https://one.example/v2", ""), ("elsewhere", "https://two.example/v1", "") })
        {
            settings[$"Cascade:Endpoints:{name}:Provider"] = "openai";
            settings[$"Cascade:Endpoints:{name}:Model"] = name;
            settings[$"Cascade:Endpoints:{name}:BaseUrl"] = host;
            settings[$"Cascade:Endpoints:{name}:Reliability:Group"] = group;
        }

        return settings;
    }
}
