using k8s;
using k8s.Models;
using Xunit;

namespace Cascade.Integration.Tests.Chart;

/// <summary>A rendered chart, parsed strictly: an unknown field or a wrong type in any document is a failure.</summary>
internal sealed class RenderedChart
{
    private readonly IReadOnlyList<object> _documents;

    private RenderedChart(string text)
    {
        Text = text;
        _documents = Parse(text);
    }

    public string Text { get; }

    public int Count => _documents.Count;

    public V1Deployment Silo => Deployment("silo");

    public V1Deployment Gateway => Deployment("gateway");

    public IReadOnlyList<V1Deployment> Workloads => [Silo, Gateway];

    public static async Task<RenderedChart> RenderAsync(string values, string kubeVersion, params string[] more)
    {
        var result = await Helm.TemplateAsync(values, kubeVersion, TestContext.Current.CancellationToken, more);
        Assert.True(result.ExitCode == 0, result.Errors);
        return new RenderedChart(result.Output);
    }

    public static IReadOnlyList<object> Parse(string text) => KubernetesYaml.LoadAllFromString(text, null, strict: true);

    public IEnumerable<T> All<T>() => _documents.OfType<T>();

    private V1Deployment Deployment(string component) =>
        All<V1Deployment>().Single(item => item.Metadata.Labels["app.kubernetes.io/component"] == component);
}
