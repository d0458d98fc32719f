using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class VerifierConfigTests
{
    private static readonly HashSet<string> Endpoints = ["mini", "large"];

    [Fact]
    public void Check_GoodConfig_HasNoProblem()
    {
        var config = Composite(
            VerifierKinds.All,
            new VerifierConfig { Kind = "completeness", CheckRefusals = true },
            new VerifierConfig { Kind = "json-schema" },
            Composite(VerifierKinds.First, new VerifierConfig { Kind = "agreement", Endpoint = "mini" }, new VerifierConfig { Kind = "arithmetic" }));
        Assert.Empty(VerifierConfigValidator.Check("V", config, Endpoints));
        Assert.Equal("all", VerifierFactory.Create(config).Name);
    }

    [Fact]
    public void Create_EveryKind_HasItsName()
    {
        foreach (var kind in VerifierKinds.Every)
        {
            var composite = kind is "all" or "first" or "weighted";
            var config = new VerifierConfig
            {
                Kind = kind,
                Endpoint = kind == "agreement" ? "mini" : null,
                Parts = composite ? [new VerifierConfig { Kind = "arithmetic" }] : [],
                Weights = kind == "weighted" ? [1] : [],
            };
            Assert.Equal(kind, VerifierFactory.Create(config).Name);
        }
    }

    [Fact]
    public void Check_ManyProblems_NamesThemAllWithTheirKeys()
    {
        var config = new VerifierConfig
        {
            Kind = "weighted",
            Weights = [0, 1],
            Limits = new VerifierLimits { MaxAnswerChars = 0, MaxJsonDepth = 65 },
            Parts =
            [
                new VerifierConfig { Kind = "agreement" },
                new VerifierConfig { Kind = "agreement", Endpoint = "gone" },
                new VerifierConfig { Kind = "arithmetic", Endpoint = "mini", Weights = [1], CheckRefusals = true, Parts = [new VerifierConfig()] },
                new VerifierConfig { Kind = "oracle" },
                Composite("all"),
            ],
        };
        Assert.Equal(
            [
                "V:Weights has 2 entries", "V:Weights:0 is 0", "V:Limits:MaxAnswerChars is 0", "V:Limits:MaxJsonDepth is 65",
                "V:Parts:0:Endpoint is missing", "V:Parts:1:Endpoint 'gone' does not exist", "V:Parts:2:Endpoint has no meaning",
                "V:Parts:2:CheckRefusals has no meaning", "V:Parts:2:Weights has no meaning", "V:Parts:2:Parts has no meaning",
                "V:Parts:3:Kind 'oracle' is not a judge", "V:Parts:4:Parts has 0 judges",
            ],
            VerifierConfigValidator.Check("V", config, Endpoints),
            (wanted, problem) => problem.StartsWith(wanted, StringComparison.Ordinal) && problem.Contains(';', StringComparison.Ordinal));
    }

    [Fact]
    public void Check_TooDeep_SaysSo()
    {
        var config = new VerifierConfig { Kind = "arithmetic" };
        for (var i = 0; i < VerifierConfig.MostDepth; i++)
        {
            config = Composite("all", config);
        }

        Assert.Empty(VerifierConfigValidator.Check("V", config, Endpoints));
        var problem = Assert.Single(VerifierConfigValidator.Check("V", Composite("all", config), Endpoints));
        Assert.Contains("deeper than 4", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_BadConfig_ThrowsWithEveryProblem()
    {
        var error = Assert.Throws<ArgumentException>(() => VerifierFactory.Create(Composite("all", new VerifierConfig(), new VerifierConfig { Kind = "agreement" })));
        Assert.Contains("Parts:0:Kind", error.Message, StringComparison.Ordinal);
        Assert.Contains("Parts:1:Endpoint", error.Message, StringComparison.Ordinal);
    }

    private static VerifierConfig Composite(string kind, params VerifierConfig[] parts) => new() { Kind = kind, Parts = parts };
}
