using System.Globalization;
using k8s.Models;
using Xunit;

namespace Cascade.Integration.Tests.Chart;

public sealed class ChartShapeTests
{
    public static TheoryData<string> Values => [.. Helm.ValuesFiles];

    [Theory, MemberData(nameof(Values))]
    public async Task Workloads_RollOut_AddBeforeTheyRemove(string values)
    {
        var chart = await RenderAsync(values);

        Assert.All(chart.Workloads, workload =>
        {
            Assert.Equal("0", workload.Spec.Strategy.RollingUpdate.MaxUnavailable.Value);
            Assert.Equal("1", workload.Spec.Strategy.RollingUpdate.MaxSurge.Value);
            Assert.Equal(30, workload.Spec.MinReadySeconds);
        });
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Workloads_GracePeriod_IsLongerThanAllThatAStoppingServerWaitsFor(string values)
    {
        var chart = await RenderAsync(values);
        var (drain, shutdown) = values.Contains("full", StringComparison.Ordinal) ? (75, 45) : (10, 120);

        Assert.All(chart.Workloads, workload => Assert.Equal(
            30 + shutdown + (workload.Metadata.Name.EndsWith("-gateway", StringComparison.Ordinal) ? drain : 0),
            workload.Spec.Template.Spec.TerminationGracePeriodSeconds));
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Workloads_Probes_AreThreeOfDifferentMeaning(string values)
    {
        var chart = await RenderAsync(values);

        Assert.All(chart.Workloads.Select(Container), container =>
        {
            Assert.Equal("/health/live", container.StartupProbe.HttpGet.Path);
            Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
            Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
            Assert.All(
                new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe },
                probe => Assert.Contains(container.Ports, port => port.Name == probe.HttpGet.Port.Value && port.ContainerPort == 8080));
            Assert.True(Patience(container.LivenessProbe) > Patience(container.ReadinessProbe), "a pod leaves the load balancer before it is restarted");
        });
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Workloads_Security_IsTheRestrictedProfile(string values)
    {
        var chart = await RenderAsync(values);

        Assert.All(chart.Workloads, workload =>
        {
            var pod = workload.Spec.Template.Spec;
            var container = Container(workload).SecurityContext;
            Assert.False(pod.AutomountServiceAccountToken);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
            Assert.Equal(1654, pod.SecurityContext.RunAsUser);
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.True(container.ReadOnlyRootFilesystem);
            Assert.False(container.AllowPrivilegeEscalation);
            Assert.Equal(["ALL"], container.Capabilities.Drop);
            Assert.NotEmpty(Container(workload).Resources.Limits);
        });
    }

    [Theory]
    [InlineData("plans.existingConfigMap=fitted", true)]
    [InlineData("plans.existingClaim=fitted", false)]
    public async Task Plans_OfAConfigMapOrAClaim_AreMountedInSilosAlone(string setting, bool isMap)
    {
        var chart = await RenderedChart.RenderAsync("minimal-values.yaml", "1.34", "--set", setting, "--set", "plans.revision=second");

        var mount = Assert.Single(Container(chart.Silo).VolumeMounts, mount => mount.MountPath == "/etc/cascade/plans");
        var volume = Assert.Single(chart.Silo.Spec.Template.Spec.Volumes, volume => volume.Name == mount.Name);
        Assert.Equal((true, "fitted"), (mount.ReadOnlyProperty, isMap ? volume.ConfigMap?.Name : volume.PersistentVolumeClaim?.ClaimName));
        Assert.Contains("second", chart.Silo.Spec.Template.Metadata.Annotations.Values);
        Assert.DoesNotContain(Container(chart.Gateway).VolumeMounts, mount => mount.Name == volume.Name);
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Selectors_OfEveryKind_MatchTheirPodsOnly(string values)
    {
        var chart = await RenderAsync(values);
        var pods = chart.Workloads.ToDictionary(Component, workload => workload.Spec.Template.Metadata.Labels);
        var selectors = chart.Workloads.Select(item => (Component(item), item.Spec.Selector.MatchLabels))
            .Concat(chart.All<V1Service>().Select(item => (Component(item), item.Spec.Selector)))
            .Concat(chart.All<V1PodDisruptionBudget>().Select(item => (Component(item), item.Spec.Selector.MatchLabels)))
            .Concat(chart.All<V1NetworkPolicy>().Select(item => (Component(item), item.Spec.PodSelector.MatchLabels)))
            .ToList();

        Assert.True(selectors.Count >= 4, $"{selectors.Count} selectors");
        Assert.All(selectors, selector => Assert.All(pods, pod => Assert.Equal(pod.Key == selector.Item1, Matches(selector.Item2, pod.Value))));
    }

    [Theory, MemberData(nameof(Values))]
    public async Task Ports_OfServicesAndPolicies_AreOpenInThePods(string values)
    {
        var chart = await RenderAsync(values);
        var service = Assert.Single(chart.All<V1Service>());

        Assert.Contains(Container(chart.Gateway).Ports, port => port.Name == Assert.Single(service.Spec.Ports).TargetPort.Value);
        var open = Container(chart.Silo).Ports.ToDictionary(port => port.Name, port => port.ContainerPort.ToString(CultureInfo.InvariantCulture));
        var environment = Container(chart.Silo).Env.ToDictionary(item => item.Name, item => item.Value);
        Assert.Equal(open["silo"], environment["Cascade__Cluster__SiloPort"]);
        Assert.Equal(open["orleans-gateway"], environment["Cascade__Cluster__GatewayPort"]);
        Assert.All(
            chart.All<V1NetworkPolicy>().Where(policy => Component(policy) == "silo").SelectMany(policy => policy.Spec.Ingress).SelectMany(rule => rule.Ports),
            port => Assert.Contains(port.Port.Value, open.Values));
    }

    [Fact]
    public async Task Secrets_ByReference_NeverAppearAsValues()
    {
        var chart = await RenderAsync("full-values.yaml");

        Assert.Empty(chart.All<V1Secret>());
        var environment = Container(chart.Silo).Env.ToDictionary(item => item.Name);
        Assert.Equal("redis-credentials", environment["REDIS_PASSWORD"].ValueFrom.SecretKeyRef.Name);
        Assert.Equal("redis-password", environment["REDIS_PASSWORD"].ValueFrom.SecretKeyRef.Key);
        Assert.Equal("model-provider-keys", environment["OPENAI_API_KEY"].ValueFrom.SecretKeyRef.Name);
        Assert.EndsWith(",password=$(REDIS_PASSWORD)", environment["Cascade__Storage__RedisConnection"].Value, StringComparison.Ordinal);
        Assert.DoesNotContain(Container(chart.Gateway).Env, item => item.Name.EndsWith("_API_KEY", StringComparison.Ordinal));
        var order = Container(chart.Silo).Env.Select(item => item.Name).ToList();
        Assert.True(order.IndexOf("REDIS_PASSWORD") < order.IndexOf("Cascade__Storage__RedisConnection"), "Kubernetes expands only what comes before");
    }

    [Fact]
    public async Task Roles_AreGivenByArgument_AndTheAddressByThePod()
    {
        var chart = await RenderAsync("minimal-values.yaml");

        Assert.Equal(["--role", "silo"], Container(chart.Silo).Args.TakeLast(2));
        Assert.Equal(["--role", "gateway"], Container(chart.Gateway).Args.TakeLast(2));
        Assert.All(chart.Workloads.Select(Container), container =>
        {
            Assert.Equal("status.podIP", container.Env.Single(item => item.Name == "POD_IP").ValueFrom.FieldRef.FieldPath);
            Assert.Equal("$(POD_IP)", container.Env.Single(item => item.Name == "Cascade__Cluster__AdvertisedAddress").Value);
        });
    }

    [Fact]
    public async Task Configuration_Changed_RestartsThePods()
    {
        var before = await RenderAsync("minimal-values.yaml");
        var after = await RenderAsync("minimal-values.yaml", "--set", "config.Accounts.acme.ExpectedRequests=7");

        Assert.NotEqual(Checksum(before.Silo), Checksum(after.Silo));
        Assert.NotEqual(Checksum(before.Gateway), Checksum(after.Gateway));
        Assert.Contains("ExpectedRequests", Assert.Single(Assert.Single(after.All<V1ConfigMap>()).Data).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Autoscaling_Enabled_OwnsTheReplicas()
    {
        var chart = await RenderAsync("full-values.yaml");
        var scaler = Assert.Single(chart.All<V2HorizontalPodAutoscaler>());

        Assert.Equal(chart.Gateway.Metadata.Name, scaler.Spec.ScaleTargetRef.Name);
        Assert.Null(chart.Gateway.Spec.Replicas);
        Assert.Equal(20, scaler.Spec.MaxReplicas);
        Assert.Equal("00:01:15", Container(chart.Gateway).Env.Single(item => item.Name == "Cascade__Http__DrainDelay").Value);
    }

    [Fact]
    public async Task ServiceAccount_ExistingOne_IsUsedAndNotMade()
    {
        var chart = await RenderAsync("existing-account-values.yaml");

        Assert.Empty(chart.All<V1ServiceAccount>());
        Assert.All(chart.Workloads, workload => Assert.Equal("platform-workloads", workload.Spec.Template.Spec.ServiceAccountName));
        Assert.Equal("gateway", Component(Assert.Single(chart.All<V1PodDisruptionBudget>())));
    }

    private static Task<RenderedChart> RenderAsync(string values, params string[] more) => RenderedChart.RenderAsync(values, "1.34", more);

    private static V1Container Container(V1Deployment workload) => Assert.Single(workload.Spec.Template.Spec.Containers);

    private static string Component(k8s.IKubernetesObject<V1ObjectMeta> item) => item.Metadata.Labels["app.kubernetes.io/component"];

    private static string Checksum(V1Deployment workload) => workload.Spec.Template.Metadata.Annotations["checksum/configuration"];

    private static int Patience(V1Probe probe) => probe.PeriodSeconds!.Value * probe.FailureThreshold!.Value;

    private static bool Matches(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(pair => labels.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
