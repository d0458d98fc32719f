using System.Globalization;
using Cascade.Grains.Configuration;
using Cascade.Grains.Telemetry;
using Cascade.Planning.Decisions;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Cascade.Tests.Configuration;

public sealed class ExampleAndDocsTests
{
    [Fact]
    public void Example_IsValidAndComplete()
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(RepositoryFiles.PathOf("deploy/examples/cascade.json")).Build();

        var result = Settings.Build(configuration);

        Assert.Empty(result.Problems);
        Assert.Equal(["math", "reliable"], result.Model!.Routes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, result.Model.Endpoints.Count);
        Assert.Equal(2, result.Model.Accounts.Count);
        Assert.Equal("acme", Assert.Single(result.AccountsByKeyHash.Values).Value);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("synthetic")]
    [InlineData("live")]
    public void Demo_EveryConfiguration_IsValid(string source)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(RepositoryFiles.PathOf($"deploy/demo/{source}.json")).Build();
        foreach (var endpoint in configuration.GetSection("Cascade:Endpoints").GetChildren().Where(each => each["ApiKeyEnvironment"] is not null))
        {
            // Whether there is a key is the machine's business, not the file's.
            Assert.Equal("OPENAI_API_KEY", endpoint["ApiKeyEnvironment"]);
            endpoint["ApiKeyEnvironment"] = "PATH";
        }

        var result = Settings.Build(configuration);

        Assert.Empty(result.Problems);
        Assert.Equal("cascade", Assert.Single(result.Model!.Routes.Keys));
        Assert.All(result.Model.Endpoints.Values, endpoint => Assert.NotNull(endpoint.Price));
    }

    [Fact]
    public void Docs_EveryKey_HasARowWithItsDefault()
    {
        var page = RepositoryFiles.Read("docs/configuration.md");
        var rows = page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).ToArray();
        var missing = Keys(typeof(CascadeConfig), "", depth: 0)
            .Where(key => !rows.Any(row => row.StartsWith($"| `{key.Path}` | {key.Default} |", StringComparison.Ordinal)))
            .Select(key => $"| `{key.Path}` | {key.Default} |");

        Assert.Empty(missing);
    }

    [Fact]
    public void Docs_EveryRow_IsAKey()
    {
        var known = Keys(typeof(CascadeConfig), "", depth: 0).Select(key => key.Path).ToHashSet(StringComparer.Ordinal);
        var rows = RepositoryFiles.Read("docs/configuration.md").Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Assert.All(rows, row => Assert.Contains(row.Split('`')[1], known));
    }

    [Fact]
    public void Docs_EveryReasonOfADecision_HasARow()
    {
        var page = RepositoryFiles.Read("docs/decisions.md");

        Assert.All(
            Enum.GetValues<DecisionReason>().Where(reason => reason != DecisionReason.None),
            reason => Assert.Contains($"\n| `{Names.Of(reason)}` |", page, StringComparison.Ordinal));
    }

    private static IEnumerable<(string Path, string Default)> Keys(Type type, string prefix, int depth)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var setting in ConfigBinder.Settings(type))
        {
            var path = prefix + setting.Name;
            var bare = setting.PropertyType;
            if (ConfigScalars.IsScalar(bare))
            {
                yield return (path, Show(setting.GetValue(defaults)));
            }
            else if (ConfigBinder.ListElement(bare) is { } element)
            {
                foreach (var key in ConfigScalars.IsScalar(element) ? [(path + ":N", "none")] : Below(element, path + ":N:", type, depth))
                {
                    yield return key;
                }
            }
            else
            {
                var below = ConfigBinder.DictionaryValue(bare) is { } value ? Below(value, path + ":NAME:", type, depth) : Below(bare, path + ":", type, depth);
                foreach (var key in below)
                {
                    yield return key;
                }
            }
        }
    }

    // Judges nest; one level stands for all.
    private static IEnumerable<(string Path, string Default)> Below(Type type, string prefix, Type outer, int depth) =>
        type == outer ? [(prefix.TrimEnd(':'), "none")] : Keys(type, prefix, depth + 1);

    private static string Show(object? value) => value switch
    {
        null or "" => "none",
        bool flag => flag ? "`true`" : "`false`",
        Enum choice => $"`{choice.ToString().ToLowerInvariant()}`",
        IFormattable number => $"`{number.ToString(null, CultureInfo.InvariantCulture)}`",
        _ => $"`{value}`",
    };
}
