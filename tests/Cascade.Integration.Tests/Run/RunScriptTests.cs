using System.Text.Json;
using Cascade.Providers;
using Cascade.Providers.Pricing;
using Cascade.Providers.Replay;
using Cascade.Providers.Synthetic;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Integration.Tests.Run;

public sealed class RunScriptTests
{
    private static readonly Dictionary<string, string> Nowhere = new() { ["CASCADE_DATA"] = "/nonexistent" };

    [Fact(Timeout = 180_000)]
    public async Task Once_WithoutData_IsSyntheticAndHoldsAndASecondRunDoesToo()
    {
        var ct = TestContext.Current.CancellationToken;
        using var script = new RunScript();
        for (var run = 0; run < 2; run++)
        {
            var (exitCode, transcript) = await script.RunAsync(Nowhere, ct, "--once", "--questions", "100");

            Assert.True(exitCode == 0, transcript);
            Assert.Contains("SYNTHETIC", transcript, StringComparison.Ordinal);
            AssertHolds(script.Report(), "synthetic", 100);
            Assert.False(File.Exists(Path.Combine(script.Data, "server.pid")), "the server was not ended");
        }
    }

    [Fact(Timeout = 180_000)]
    public async Task Once_WithData_ReplaysRealModelsAndHolds()
    {
        var ct = TestContext.Current.CancellationToken;
        Assert.SkipUnless(ReplayDataSet.Exists(null, "zeroeval/gsm"), "the recordings are not here; set CASCADE_DATA");
        using var script = new RunScript();

        var (exitCode, transcript) = await script.RunAsync(
            new Dictionary<string, string> { ["CASCADE_DATA"] = ReplayDirectory.Resolve(null) }, ct, "--once", "--json", "--questions", "150");

        Assert.True(exitCode == 0, transcript);
        AssertHolds(script.Report(), "replay", 150);
    }

    [Fact(Timeout = 180_000)]
    public async Task Live_AgainstAProvider_StaysWithinTenCentsByTheProvidersOwnBill()
    {
        var ct = TestContext.Current.CancellationToken;
        var time = TimeProvider.System;
        IChatClient Solver(string kind, long seed) => new SyntheticChatClient(new SyntheticConfig { Solver = kind, Seed = seed }, time);
        var models = new Dictionary<string, IChatClient> { ["gpt-4o-mini"] = Solver("weak", 1), ["gpt-4.1-nano"] = Solver("weak", 2), ["gpt-4o"] = Solver("strong", 3) };
        await using var provider = await OpenAiStubServer.StartAsync(models, new OpenAiStubOptions
        {
            Prices = new Dictionary<string, PriceList>
            {
                ["gpt-4o-mini"] = new(150_000_000, 600_000_000),
                ["gpt-4.1-nano"] = new(100_000_000, 400_000_000),
                ["gpt-4o"] = new(2_500_000_000, 10_000_000_000),
            },
        });
        using var script = new RunScript();
        var environment = new Dictionary<string, string>(Nowhere) { ["OPENAI_API_KEY"] = "sk-stub", ["OPENAI_BASE_URL"] = provider.BaseUrl };

        var (exitCode, transcript) = await script.RunAsync(environment, ct, "--live", "--once");

        Assert.True(exitCode == 0, transcript);
        Assert.Contains("LIVE", transcript, StringComparison.Ordinal);
        var tenants = script.Report().GetProperty("tenants").EnumerateArray().ToArray();
        var spend = tenants.Sum(tenant => tenant.GetProperty("spend_nanos").GetInt64());
        Assert.Equal(100_000_000, tenants.Sum(tenant => tenant.GetProperty("cap_nanos").GetInt64()));
        Assert.InRange(spend, 1, 100_000_000);
        Assert.Equal(provider.Bills.Sum(bill => bill.Nanos), spend);
        Assert.True(tenants[2].GetProperty("refused").GetInt32() > 0, transcript);
        Assert.All(tenants, tenant => Assert.True(tenant.GetProperty("spend_nanos").GetInt64() <= tenant.GetProperty("cap_nanos").GetInt64()));
    }

    [Fact(Timeout = 180_000)]
    public async Task Serve_AfterTheReport_AnswersUntilStoppedAndEndsWithZero()
    {
        var ct = TestContext.Current.CancellationToken;
        using var script = new RunScript();
        await using var process = script.Start(Nowhere, "--source", "synthetic", "--questions", "20");
        var line = await process.WaitForLineAsync(text => text.StartsWith("Serving at ", StringComparison.Ordinal), ct);
        var address = line.Split(' ')[2];
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllLinesAsync(Path.Combine(script.Data, "keys"), ct))[0].Split('=')[1]);

        using var question = new StringContent(
            await File.ReadAllTextAsync(Path.Combine(script.Data, "question.json"), ct), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{address}/v1/chat/completions", question, ct);
        var exitCode = await process.TerminateAsync(ct);

        Assert.True(answer.IsSuccessStatusCode, process.Transcript());
        Assert.True(exitCode == 0, process.Transcript());
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"{address}/health/live", ct));
    }

    [Theory]
    [InlineData(64, "--source", "--source", "dream")]
    [InlineData(64, "--fast", "--fast")]
    [InlineData(64, "--questions", "--questions")]
    [InlineData(64, "--port", "--port", "99999")]
    [InlineData(64, "--questions", "--source", "synthetic", "--questions", "3")]
    [InlineData(77, "OPENAI_API_KEY", "--live")]
    public async Task Start_CommandLineIsWrong_NamesTheOption(int expected, string named, params string[] options)
    {
        var ct = TestContext.Current.CancellationToken;
        using var script = new RunScript();

        var (exitCode, transcript) = await script.RunAsync(new Dictionary<string, string>(Nowhere) { ["OPENAI_API_KEY"] = "" }, ct, options);

        Assert.True(exitCode == expected, transcript);
        Assert.Contains(named, transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_FolderHasFilesOfSomebodyElse_TouchesNothing()
    {
        var ct = TestContext.Current.CancellationToken;
        using var script = new RunScript();
        Directory.CreateDirectory(script.Data);
        var precious = Path.Combine(script.Data, "thesis.txt");
        await File.WriteAllTextAsync(precious, "years of work", ct);

        var (exitCode, transcript) = await script.RunAsync(Nowhere, ct, "--once");

        Assert.True(exitCode == 66, transcript);
        Assert.Equal("years of work", await File.ReadAllTextAsync(precious, ct));
    }

    private static void AssertHolds(JsonElement report, string source, int questions)
    {
        Assert.Equal(source, report.GetProperty("source").GetString());
        Assert.Empty(report.GetProperty("contradictions").EnumerateArray());
        var tenants = report.GetProperty("tenants").EnumerateArray().ToDictionary(tenant => tenant.GetProperty("name").GetString()!);
        long Nanos(string tenant, string what) => tenants[tenant].GetProperty(what).GetInt64();
        Assert.All(tenants.Values, tenant =>
        {
            Assert.Equal(questions, tenant.GetProperty("requests").GetInt32());
            Assert.True(tenant.GetProperty("spend_nanos").GetInt64() <= tenant.GetProperty("cap_nanos").GetInt64());
            Assert.Equal(tenant.GetProperty("cost_nanos").GetInt64(), tenant.GetProperty("spend_nanos").GetInt64());
        });
        Assert.Equal(0, Nanos("rich", "refused"));
        Assert.True(Nanos("runs-out", "refused") > 0);
        Assert.True(Nanos("runs-out", "spend_nanos") >= 0.95 * Nanos("runs-out", "cap_nanos"));
        Assert.True(Nanos("tight", "kept_on_cheap") / (double)Nanos("tight", "answered") > Nanos("rich", "kept_on_cheap") / (double)Nanos("rich", "answered"));
        Assert.True(Nanos("rich", "right") / (double)Nanos("rich", "answered") > report.GetProperty("cheap_alone_right_share").GetDouble());
    }
}
