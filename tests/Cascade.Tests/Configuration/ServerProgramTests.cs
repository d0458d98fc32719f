using Cascade.Server.Hosting;
using Xunit;

namespace Cascade.Tests.Configuration;

public sealed class ServerProgramTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_WrongConfiguration_ExitsWith78AndListsEveryProblem()
    {
        using var errors = new StringWriter();

        var code = await ServerProgram.RunAsync(
            ["--check", "--config", RepositoryFiles.PathOf("deploy/examples/cascade.json"), "--Cascade:Http:MaxMesages=5", "--Cascade:Http:MaxBodyBytes=1"],
            errors,
            Cancelled);

        Assert.Equal(78, code);
        Assert.Contains("2 problem(s)", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("Cascade:Http:MaxMesages is no known key; did you mean 'MaxMessages'?", errors.ToString(), StringComparison.Ordinal);
        Assert.Contains("Cascade:Http:MaxBodyBytes is 1", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ExampleChecked_ExitsWith0()
    {
        using var errors = new StringWriter();

        var code = await ServerProgram.RunAsync(["--check", "--config", RepositoryFiles.PathOf("deploy/examples/cascade.json")], errors, Cancelled);

        Assert.Equal("", errors.ToString());
        Assert.Equal(0, code);
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("--role", "boss")]
    [InlineData("--verbose")]
    [InlineData("serve")]
    public async Task Run_UnknownArguments_ExitsWith64AndTheUsage(params string[] args)
    {
        using var errors = new StringWriter();

        Assert.Equal(64, await ServerProgram.RunAsync(args, errors, Cancelled));
        Assert.Contains(ServerArguments.Usage, errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"Cascade\": ", "line")]
    [InlineData("{ \"Cascade\": { \"Accounts\": { \"acme\": {}, \"ACME\": {} }, \"Http\": { \"MaxMessages\": 5, \"maxmessages\": 6 } } }", "duplicate key")]
    public async Task Run_UnreadableFile_IsAProblemOfTheConfiguration(string text, string told)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, text, Cancelled);
            using var errors = new StringWriter();

            Assert.Equal(78, await ServerProgram.RunAsync(["--check", "--config", file], errors, Cancelled));
            Assert.Contains(told, errors.ToString(), StringComparison.OrdinalIgnoreCase);
            Assert.Contains(file, errors.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Run_MissingFile_IsNamed()
    {
        using var errors = new StringWriter();

        Assert.Equal(78, await ServerProgram.RunAsync(["--config", "/nowhere/cascade.json"], errors, Cancelled));
        Assert.Contains("/nowhere/cascade.json", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GatewayWithoutSharedStorage_SaysWhatToSet()
    {
        using var errors = new StringWriter();

        var code = await ServerProgram.RunAsync(
            ["--check", "--role", "gateway", "--config", RepositoryFiles.PathOf("deploy/examples/cascade.json")], errors, Cancelled);

        Assert.Equal(78, code);
        Assert.Contains("Cascade:Storage:Mode must be redis", errors.ToString(), StringComparison.Ordinal);
    }
}
