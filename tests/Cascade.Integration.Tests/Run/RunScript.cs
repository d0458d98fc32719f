using System.Text.Json;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Run;

/// <summary>Runs <c>run.sh</c> as a person would, on the build that the tests run on.</summary>
internal sealed class RunScript : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static string Root { get; } = FindRoot();

    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Name;

    public string Data => Path.Combine(_folder.Path, "demo");

    public ChildProcess Start(IReadOnlyDictionary<string, string>? environment, params string[] options)
    {
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>()) { ["CASCADE_CONFIGURATION"] = Configuration };
        return ChildProcess.Start(
            "bash", [Path.Combine(Root, "run.sh"), "--no-build", "--port", "0", "--data", Data, .. options], variables, Root);
    }

    public async Task<(int ExitCode, string Transcript)> RunAsync(
        IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken, params string[] options)
    {
        await using var process = Start(environment, options);
        var exitCode = await process.WaitForExitAsync(cancellationToken);
        return (exitCode, process.Transcript());
    }

    public JsonElement Report()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "report.json")));
        return document.RootElement.Clone();
    }

    public void Dispose() => _folder.Dispose();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "run.sh")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return folder.FullName;
    }
}
