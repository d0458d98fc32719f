using System.Text.Json;
using Cascade.Cli;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class SimulateCommandTests
{
    [Fact]
    public async Task Simulate_SameSeedsInAnotherProcess_DoesTheSame()
    {
        string[] command = ["simulate", "--seeds", "4", "--seed", "7", "--json"];
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Configuration.RepositoryFiles.PathOf($"artifacts/bin/Cascade.Cli/{configuration}/cascade.dll");
        await using var other = ChildProcess.Start("dotnet", [program, .. command]);

        var run = await CliRun.OfAsync(command);
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Equal(HashOf(run.Output), HashOf(string.Join('\n', other.Lines)));
    }

    [Fact]
    public async Task Simulate_PlantedBug_ShowsTheSeedAndTheStepsItNeeds()
    {
        var run = await CliRun.OfAsync("simulate", "--seeds", "50", "--plant", "drop-settle");

        Assert.Equal(ExitCodes.Contradiction, run.ExitCode);
        Assert.Matches(@"seed \d+: ", run.Output);
        Assert.Contains("steps that it needs", run.Output, StringComparison.Ordinal);
        Assert.Contains("VIOLATION", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Simulate_UnknownPlant_IsBadUsage()
    {
        var run = await CliRun.OfAsync("simulate", "--plant", "luck");

        Assert.Equal(ExitCodes.BadUsage, run.ExitCode);
        Assert.Contains("luck", run.Errors, StringComparison.Ordinal);
    }

    private static string HashOf(string json) => JsonDocument.Parse(json).RootElement.GetProperty("hash").GetString()!;
}
