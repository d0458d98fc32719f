using Xunit;

namespace Cascade.Integration.Tests.Chart;

public sealed class ChartTests
{
    private static readonly string[] KubeVersions = ["1.29", "1.30", "1.31", "1.32", "1.33", "1.34"];

    public static TheoryData<string> Values => [.. Helm.ValuesFiles];

    public static TheoryData<string, string> Renderings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var values in Helm.ValuesFiles)
            {
                foreach (var version in KubeVersions)
                {
                    data.Add(values, version);
                }
            }

            return data;
        }
    }

    [Fact]
    public void ValuesFiles_ForTests_AreFound() => Assert.True(Helm.ValuesFiles.Count >= 3, string.Join(", ", Helm.ValuesFiles));

    [Theory, MemberData(nameof(Values))]
    public async Task Lint_Strict_HasNothingToSay(string values)
    {
        var result = await Helm.RunAsync(
            ["lint", "--strict", Helm.Chart, "--values", Path.Combine(Helm.Chart, "ci", values)],
            TestContext.Current.CancellationToken);

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }

    [Theory, MemberData(nameof(Renderings))]
    public async Task Template_EveryKubernetes_ParsesStrictly(string values, string version)
    {
        var chart = await RenderedChart.RenderAsync(values, version);

        Assert.True(chart.Count >= 5, $"{chart.Count} documents");
        Assert.Equal(2, chart.Workloads.Count);
    }

    [Theory]
    [InlineData("replica: 3")]
    [InlineData("replicas: three")]
    public async Task Parse_PlantedMistake_Fails(string mistake)
    {
        var chart = await RenderedChart.RenderAsync("minimal-values.yaml", "1.34");
        var broken = chart.Text.Replace("replicas: 3", mistake, StringComparison.Ordinal);

        Assert.NotEqual(chart.Text, broken);
        Assert.ThrowsAny<Exception>(() => RenderedChart.Parse(broken));
    }

    [Fact]
    public async Task Template_KubernetesTooOld_IsRefused()
    {
        var result = await Helm.TemplateAsync("minimal-values.yaml", "1.28", TestContext.Current.CancellationToken);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("1.29", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("silo.replicas=0", "silo.replicas")]
    [InlineData("silo.replicas=many", "silo.replicas")]
    [InlineData("silo.replica=3", "replica")]
    [InlineData("unknown=1", "unknown")]
    [InlineData("redis.address=redis:6379\\,password=hunter2", "redis.address")]
    [InlineData("config.Storage.RedisConnection=redis:6379", "config.Storage.RedisConnection")]
    [InlineData("image.digest=latest", "image.digest")]
    [InlineData("probes.liveness.path=/", "path")]
    [InlineData("plans.existingConfigMap=Not_A_Name", "plans.existingConfigMap")]
    [InlineData("plans.configMap=plans", "configMap")]
    [InlineData("plans.existingConfigMap=plans,plans.existingClaim=plans", "not both")]
    public async Task Schema_WrongValue_IsRefusedByName(string setting, string named)
    {
        var result = await Helm.TemplateAsync("minimal-values.yaml", "1.34", TestContext.Current.CancellationToken, "--set", setting);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_NoRedisAddress_IsRefused()
    {
        var result = await Helm.RunAsync(["template", "release", Helm.Chart, "--kube-version", "1.34"], TestContext.Current.CancellationToken);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("redis.address", result.Errors, StringComparison.Ordinal);
    }
}
