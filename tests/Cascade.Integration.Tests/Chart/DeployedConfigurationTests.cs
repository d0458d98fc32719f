using System.Text;
using Cascade.Planning.Plans;
using Cascade.TestKit.Planning;
using k8s.Models;
using Xunit;

namespace Cascade.Integration.Tests.Chart;

/// <summary>The server itself judges what the chart and the compose file hand to it.</summary>
public sealed class DeployedConfigurationTests
{
    private static readonly string[] ProviderKeys = ["OPENAI_API_KEY", "OTHER_API_KEY"];

    public static TheoryData<string> Values => [.. Helm.ValuesFiles];

    [Theory, MemberData(nameof(Values))]
    public async Task Chart_EveryRole_IsAccepted(string values)
    {
        var chart = await RenderedChart.RenderAsync(values, "1.34");

        foreach (var workload in chart.Workloads)
        {
            await AssertAcceptedAsync(ServerOf(chart, workload));
        }
    }

    [Fact]
    public async Task Chart_WrongSetting_IsRefusedByBothRoles()
    {
        var chart = await RenderedChart.RenderAsync("full-values.yaml", "1.34", "--set", "config.Http.MaxMesages=5");

        foreach (var workload in chart.Workloads)
        {
            var (code, said) = await ServerOf(chart, workload).CheckAsync(TestContext.Current.CancellationToken);

            Assert.Equal(78, code);
            Assert.Contains("Cascade:Http:MaxMesages is no known key", said, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Compose_EveryServer_IsAccepted()
    {
        var servers = ComposeFile.Servers();

        Assert.Equal(["server-1", "server-2"], servers.Select(server => server.Name));
        foreach (var server in servers)
        {
            await AssertAcceptedAsync(server);
        }
    }

    [Fact]
    public async Task Chart_PlanThatIsNotMounted_IsRefusedByTheSilo()
    {
        var chart = await RenderedChart.RenderAsync("full-values.yaml", "1.34", "--set", "plans.existingConfigMap=");

        var (code, said) = await ServerOf(chart, chart.Silo).CheckAsync(TestContext.Current.CancellationToken);

        Assert.Equal(78, code);
        Assert.Contains("Cascade:Routes:planned:Plan:File '/etc/cascade/plans/math.json' cannot be read", said, StringComparison.Ordinal);
    }

    private static async Task AssertAcceptedAsync(DeployedServer server)
    {
        Assert.NotEmpty(server.Files);
        var (code, said) = await server.CheckAsync(TestContext.Current.CancellationToken);

        Assert.True(code == 0, $"{server.Name} ended with {code}\n{said}");
    }

    private static DeployedServer ServerOf(RenderedChart chart, V1Deployment workload)
    {
        var pod = workload.Spec.Template.Spec;
        var container = Assert.Single(pod.Containers);
        var maps = chart.All<V1ConfigMap>().ToDictionary(map => map.Metadata.Name, map => map.Data);
        maps["fitted-plans"] = new Dictionary<string, string> { ["math.json"] = Encoding.UTF8.GetString(PlanJson.Write(TestPlans.CheapPairStrong)) };
        var files = from mount in container.VolumeMounts
                    let source = pod.Volumes.Single(volume => volume.Name == mount.Name).ConfigMap
                    where source is not null
                    from file in maps[source.Name]
                    where mount.SubPath is null || mount.SubPath == file.Key
                    select (Path: mount.SubPath is null ? $"{mount.MountPath}/{file.Key}" : mount.MountPath, file.Value);
        var environment = DeployedServer.Expand(container.Env.Select(item => (item.Name, item.Value ?? Given(item))));
        return new DeployedServer(
            container.Name, [.. container.Args], WithoutMissingKeys(environment), files.ToDictionary(file => file.Path, file => file.Value));
    }

    private static string Given(V1EnvVar variable) => variable.ValueFrom.FieldRef is null ? "from-a-secret" : "10.0.0.7";

    // A key that the test's own environment happens to hold must not stand in for one that the chart forgot.
    private static Dictionary<string, string> WithoutMissingKeys(IReadOnlyDictionary<string, string> environment) =>
        environment.Concat(ProviderKeys.Where(name => !environment.ContainsKey(name)).Select(name => KeyValuePair.Create(name, "")))
            .ToDictionary(StringComparer.Ordinal);
}
