using Cascade.TestKit.Processes;
using Cascade.Tests.Configuration;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class PricesCommandTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static string Example => RepositoryFiles.PathOf("docs/formats/prices.example.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_GoodBook_EndsWithZero()
    {
        var run = await CliRun.OfAsync("prices", "check", Example);

        Assert.Equal((0, "4 entries with 5 prices, no problem"), (run.ExitCode, run.Output.Trim()));
    }

    [Fact]
    public async Task Check_BadBook_ListsEveryProblem()
    {
        var run = await CliRun.OfAsync("prices", "check", Write("format: cascade.prices\nversion: 1\nprices:\n  - {provider: a, input: x, output: 1}\n"));

        Assert.Equal(65, run.ExitCode);
        Assert.Contains("2 problem(s)", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_MissingFile_Says66() => Assert.Equal(66, (await CliRun.OfAsync("prices", "check", "/nowhere/prices.yaml")).ExitCode);

    [Theory]
    [InlineData("2026-06-30T23:59:59Z", "2.5")]
    [InlineData("2026-07-01T00:00:00Z", "2")]
    public async Task Show_AMoment_MarksThePriceThatHolds(string at, string input)
    {
        var run = await CliRun.OfAsync("prices", "show", Example, "--at", at, "--json");

        var row = System.Text.Json.JsonDocument.Parse(run.Output).RootElement.EnumerateArray()
            .Single(each => each.GetProperty("name").GetString() == "openai/large" && each.GetProperty("in_effect").GetBoolean());
        Assert.Equal(input, row.GetProperty("input").GetString());
    }

    [Fact]
    public async Task Diff_OnePriceChangesLater_NamesTheMomentAndEndsWithOne()
    {
        var changed = Write((await File.ReadAllTextAsync(Example, TestContext.Current.CancellationToken)).Replace("output: 8", "output: 9", StringComparison.Ordinal));

        var run = await CliRun.AtAsync(new FakeTimeProvider(), "prices", "diff", Example, changed);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(
            "openai/large from 2026-07-01T00:00:00Z\n  - input 2, cached 0.5, output 8\n  + input 2, cached 0.5, output 9", run.Output.Trim());
        Assert.Equal(0, (await CliRun.OfAsync("prices", "diff", Example, Example)).ExitCode);
    }

    private string Write(string text)
    {
        var path = Path.Combine(_folder.Path, "book.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
