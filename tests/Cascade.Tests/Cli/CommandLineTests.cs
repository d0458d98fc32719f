using System.Text.Json;
using Cascade.Cli;
using Cascade.Contracts;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class CommandLineTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task KeyNew_Json_PrintsAKeyAndItsOwnHash()
    {
        var first = await CliRun.OfAsync("key", "new", "--json");
        var second = await CliRun.OfAsync("key", "new", "--json");

        using var document = JsonDocument.Parse(first.Output);
        var key = document.RootElement.GetProperty("key").GetString()!;
        Assert.Equal(ExitCodes.Done, first.ExitCode);
        Assert.StartsWith(ApiKeys.Prefix, key, StringComparison.Ordinal);
        Assert.Equal(ApiKeys.Hash(key), document.RootElement.GetProperty("hash").GetString());
        Assert.DoesNotContain(key, second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_TheOption_HasNoDefaultValueThatHelpWouldPrint() => Assert.False(Cascade.Cli.Commands.CommonOptions.Key().HasDefaultValue);

    [Theory]
    [InlineData("--questions", "demo", "prepare", "--source", "synthetic", "--questions", "many")]
    [InlineData("--questions", "demo", "prepare", "--source", "synthetic", "--questions", "5")]
    [InlineData("--questions", "demo", "prepare", "--source", "live", "--questions", "101")]
    [InlineData("--source", "demo", "prepare")]
    [InlineData("replay", "demo", "prepare", "--source", "dream")]
    [InlineData("--url", "models", "--url", "localhost", "--key", "k")]
    [InlineData("--concurrency", "demo", "run", "--concurrency", "0")]
    [InlineData("--colour", "models", "--colour")]
    public async Task Run_CommandLineIsWrong_NamesTheOptionAndPointsToHelp(string named, params string[] args)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(ExitCodes.BadUsage, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        Assert.Contains($"See 'cascade {args[0]}", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--help", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Theory]
    [InlineData("--config", ExitCodes.NoInput, "demo", "prepare", "--source", "synthetic", "--config", "no/such/file.json")]
    [InlineData("--key", ExitCodes.BadUsage, "budget", "show", "--url", "http://127.0.0.1:1")]
    [InlineData("prepare", ExitCodes.NoInput, "demo", "run", "--data", "no/such/folder")]
    [InlineData("--url", ExitCodes.Unavailable, "models", "--url", "http://127.0.0.1:1", "--key", "k")]
    public async Task Run_SomethingIsMissing_SaysWhatAndHowToRepairIt(string named, int exitCode, params string[] args)
    {
        var run = await CliRun.OfAsync(args);

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData()]
    [InlineData("key", "new")]
    [InlineData("budget", "show")]
    [InlineData("budget", "unconfirmed")]
    [InlineData("budget", "reconcile")]
    [InlineData("ledger", "entries")]
    [InlineData("ledger", "spend")]
    [InlineData("ledger", "export")]
    [InlineData("ledger", "verify")]
    [InlineData("models")]
    [InlineData("endpoints")]
    [InlineData("demo", "prepare")]
    [InlineData("demo", "run")]
    [InlineData("plan", "fit")]
    [InlineData("plan", "show")]
    [InlineData("plan", "diff")]
    [InlineData("evaluate")]
    [InlineData("calibrate")]
    [InlineData("pace")]
    [InlineData("simulate")]
    public async Task Help_EveryCommand_IsThereAndDescribesEveryOption(params string[] command)
    {
        var run = await CliRun.OfAsync([.. command, "--help"]);

        Assert.Equal(ExitCodes.Done, run.ExitCode);
        Assert.Contains("Usage:", run.Output, StringComparison.Ordinal);
        Assert.All(
            run.Output.Split('\n').Where(line => line.StartsWith("  --", StringComparison.Ordinal)),
            line => Assert.Matches(@"^  --\S+( <?[A-Za-z|]+>?)?( \(REQUIRED\))?\s{2,}\S", line));
    }

    [Fact]
    public async Task DemoPrepare_Synthetic_WritesAccountsWithHashesAndKeysForTheOwnerOnly()
    {
        using var folder = new TempDirectory();
        var config = Configuration.RepositoryFiles.PathOf("deploy/demo/synthetic.json");

        var run = await CliRun.OfAsync("demo", "prepare", "--source", "synthetic", "--questions", "30", "--config", config, "--data", folder.Path);

        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        var keys = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "keys"), Ct);
        var server = await File.ReadAllTextAsync(Path.Combine(folder.Path, "server.json"), Ct);
        Assert.Equal(["CASCADE_KEY_RICH", "CASCADE_KEY_TIGHT", "CASCADE_KEY_RUNS_OUT"], keys.Select(line => line.Split('=')[0]));
        Assert.All(keys, line => Assert.Contains(ApiKeys.Hash(line.Split('=')[1]), server, StringComparison.Ordinal));
        Assert.All(keys, line => Assert.DoesNotContain(line.Split('=')[1], server, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "keys")));
        }
    }
}
