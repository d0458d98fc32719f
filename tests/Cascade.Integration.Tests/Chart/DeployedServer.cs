using System.Text.RegularExpressions;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Integration.Tests.Chart;

/// <summary>What a deployment gives the server: arguments, environment, and files by the path they are mounted at.</summary>
internal sealed partial record DeployedServer(
    string Name, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Has the real program check the configuration it would start with.</summary>
    /// <returns>Its exit code, and everything it said.</returns>
    public async Task<(int ExitCode, string Said)> CheckAsync(CancellationToken cancellationToken)
    {
        using var root = new TempDirectory();
        var arguments = Arguments.ToList();
        string Here(string path) => Path.Combine(root.Path, path.TrimStart('/'));
        foreach (var (path, text) in Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Here(path))!);
            await File.WriteAllTextAsync(Here(path), Files.Keys.Aggregate(text, (moved, each) => moved.Replace(each, Here(each), StringComparison.Ordinal)), cancellationToken);
            // A file that neither an argument nor another file names is never read.
            Assert.True(arguments.Contains(path) || Files.Values.Any(other => other.Contains(path, StringComparison.Ordinal)), $"nothing names {path}");
            if (arguments.IndexOf(path) is >= 0 and var argument)
            {
                arguments[argument] = Here(path);
            }
        }

        await using var server = ChildProcess.StartDotnet(ServerProcess.Assembly, [.. arguments, "--check"], Environment);
        return (await server.WaitForExitAsync(cancellationToken), server.Transcript());
    }

    /// <summary>Expands <c>$(NAME)</c> as Kubernetes does: from the variables that come before.</summary>
    public static IReadOnlyDictionary<string, string> Expand(IEnumerable<(string Name, string Value)> variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            environment[name] = Reference().Replace(value, match => environment.GetValueOrDefault(match.Groups[1].Value, match.Value));
        }

        return environment;
    }

    [GeneratedRegex(@"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")]
    private static partial Regex Reference();
}
