using Cascade.Providers;
using Cascade.Providers.Calling;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class EndpointConfigValidatorTests
{
    private const string Path = "Cascade:Endpoints:cheap";

    [Fact]
    public void Check_GoodConfigs_FindsNothing()
    {
        Assert.Empty(EndpointConfigValidator.Check(Path, new EndpointConfig { Provider = "synthetic" }));
        Assert.Empty(EndpointConfigValidator.Check(Path, new EndpointConfig { Provider = "openai", Model = "m", BaseUrl = "http://127.0.0.1:1" }));
    }

    [Fact]
    public void Check_ManyMistakes_ReportsAllWithKeyAndRepair()
    {
        var config = new EndpointConfig
        {
            Provider = "openai",
            BaseUrl = "ftp://host",
            ApiKeyEnvironment = "CASCADE_TEST_NO_SUCH_VARIABLE",
            ApiKeyFile = "/no/such/key",
            InputUsdPerMillionTokens = -1,
            OutputUsdPerMillionTokens = 0.0000000001m,
            MaxInFlight = 0,
            MaxOutputTokens = 10,
            MinOutputTokens = 11,
            Quality = double.NaN,
            TimeoutSeconds = 0,
            MinBytesPerToken = 0,
            ExpectedInputTokens = -1,
            OutputLimitField = "n_predict",
        };

        var problems = EndpointConfigValidator.Check(Path, config).ToArray();

        string[] keys =
        [
            "Model is not set", "BaseUrl is not", "ApiKeyFile is set although", "ApiKeyEnvironment names", "ApiKeyFile does not exist",
            "InputUsdPerMillionTokens is negative", "OutputUsdPerMillionTokens has more than 9", "MaxInFlight", "MinOutputTokens", "Quality",
            "TimeoutSeconds", "MinBytesPerToken", "ExpectedInputTokens", "OutputLimitField",
        ];
        Assert.All(keys, key => Assert.Contains(problems, problem => problem.StartsWith($"{Path}:{key}", StringComparison.Ordinal)));
        Assert.Equal(keys.Length, problems.Length);
    }

    [Theory]
    [InlineData("", "is not set")]
    [InlineData("azure", "\"azure\"")]
    public void Check_UnknownProvider_ListsTheKnownOnes(string provider, string expected)
    {
        var problem = Assert.Single(EndpointConfigValidator.Check(Path, new EndpointConfig { Provider = provider }));

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains("openai, azure-openai, anthropic, ollama, replay, synthetic", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OnePriceOnly_AsksForTheOther()
    {
        var problem = Assert.Single(EndpointConfigValidator.Check(Path, new EndpointConfig { Provider = "synthetic", InputUsdPerMillionTokens = 1 }));

        Assert.StartsWith($"{Path}:OutputUsdPerMillionTokens is not set", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_OpenAiItselfWithoutKey_AsksForOne()
    {
        var problem = Assert.Single(EndpointConfigValidator.Check(Path, new EndpointConfig { Provider = "openai", Model = "gpt-4o-mini" }));

        Assert.Contains("OPENAI_API_KEY", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SecretInTheAddress_IsNotRepeated()
    {
        var config = new EndpointConfig { Provider = "openai", Model = "m", BaseUrl = "https://me:hunter2@host/v1?key=hunter2" };

        var problems = EndpointConfigValidator.Check(Path, config).ToArray();

        Assert.Equal(2, problems.Length);
        Assert.All(problems, problem => Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ReplayWithoutData_NamesTheVariable()
    {
        var config = new EndpointConfig { Provider = "replay", Model = "m", Replay = { DataDirectory = "/no/such/folder" } };

        var problem = Assert.Single(EndpointConfigValidator.Check(Path, config));

        Assert.Contains("CASCADE_DATA", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ReplayAndSyntheticMistakes_NamesTheKnownOnes()
    {
        var replay = new EndpointConfig { Provider = "replay", ApiKeyFile = "k", Replay = { DataSet = "mmlu", LatencyMilliseconds = -1 } };
        var synthetic = new EndpointConfig { Provider = "synthetic", Synthetic = { Solver = "medium", ErrorRate = 1.5 } };

        Assert.Equal(4, EndpointConfigValidator.Check(Path, replay).Count());
        Assert.Contains(EndpointConfigValidator.Check(Path, replay), problem => problem.Contains("zeroeval/gsm, routellm/gsm8k", StringComparison.Ordinal));
        Assert.Equal(2, EndpointConfigValidator.Check(Path, synthetic).Count());
    }

    [Fact]
    public void EndpointConfig_HasNoPlaceForAKey() =>
        Assert.DoesNotContain(typeof(EndpointConfig).GetProperties(), property => property.Name is "ApiKey" or "Key" or "Token" or "Secret");

    [Fact]
    public void ToExpectedCostNanos_DefaultTokens_IsTheirCost()
    {
        var config = new EndpointConfig { InputUsdPerMillionTokens = 0.15m, OutputUsdPerMillionTokens = 0.6m };

        Assert.Equal((200 * 150) + (300 * 600), config.ToExpectedCostNanos());
        Assert.Null(new EndpointConfig().ToPriceList());
        Assert.Equal(0, new EndpointConfig().ToExpectedCostNanos());
    }

    [Fact]
    public void AddCascadeProviders_BadConfig_FactoryListsAllProblems()
    {
        using var services = new ServiceCollection().AddCascadeProviders().AddCascadeProviders().BuildServiceProvider();
        var factory = Assert.Single(services.GetServices<IModelCallerFactory>());

        var exception = Assert.Throws<ArgumentException>(() =>
            factory.Create("cheap", new EndpointConfig { Provider = "synthetic", Quality = 2, MaxInFlight = 0 }));

        Assert.Contains("cheap:Quality", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cheap:MaxInFlight", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ASecretInTheWrongPlace_IsReportedButNeverRepeated()
    {
        var config = new EndpointConfig
        {
            Provider = ProviderKinds.OpenAi,
            Model = "m",
            ApiKeyEnvironment = "sk-pasted-by-mistake",
            BaseUrl = "user:hunter2@host/v1",
        };

        var problems = EndpointConfigValidator.Check("Cascade:Endpoints:m", config).ToList();

        Assert.Contains(problems, p => p.Contains("ApiKeyEnvironment names", StringComparison.Ordinal));
        Assert.Contains(problems, p => p.Contains("BaseUrl is not", StringComparison.Ordinal));
        Assert.DoesNotContain(problems, p => p.Contains("sk-pasted", StringComparison.Ordinal) || p.Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_CapacityAndHealthOutOfRange_ReportsAll()
    {
        var config = new EndpointConfig
        {
            Provider = "synthetic",
            MaxInFlight = 4,
            Capacity = new CapacityConfig { RequestsPerMinute = 0, TokensPerMinute = -1, MinInFlight = 5, LatencyTolerance = 1 },
            Health = new HealthConfig { FailureRatio = 0, MinFailures = 0, Window = TimeSpan.Zero, ProbeInterval = TimeSpan.FromHours(1) },
            Reliability = new ReliabilityConfig { Retries = 11, RetryShare = 0, HedgeAfter = TimeSpan.Zero, HedgeQuantile = 1, HedgeShare = 2, Group = new string('g', 101) },
        };

        var keys = EndpointConfigValidator.Check(Path, config).Select(p => p[(Path.Length + 1)..].Split(' ')[0]);

        Assert.Equal(
            [
                "Capacity:RequestsPerMinute", "Capacity:TokensPerMinute", "Capacity:MinInFlight", "Capacity:LatencyTolerance",
                "Health:FailureRatio", "Health:MinFailures", "Health:Window", "Health:ProbeInterval",
                "Reliability:Retries", "Reliability:RetryShare", "Reliability:HedgeAfter", "Reliability:HedgeQuantile",
                "Reliability:HedgeShare", "Reliability:Group",
            ],
            keys);
    }

    [Fact]
    public void Check_HedgeQuantileWithoutHedgeAfter_SaysWhatIsMissing()
    {
        var config = new EndpointConfig { Provider = "synthetic", Reliability = new ReliabilityConfig { HedgeQuantile = 0.95 } };

        var problem = Assert.Single(EndpointConfigValidator.Check(Path, config));

        Assert.Contains("Reliability:HedgeQuantile", problem, StringComparison.Ordinal);
        Assert.Contains("give HedgeAfter too", problem, StringComparison.Ordinal);
    }
}
