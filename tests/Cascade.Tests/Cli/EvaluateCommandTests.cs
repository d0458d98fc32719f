using System.Buffers.Binary;
using System.Text.Json;
using System.Xml.Linq;
using Cascade.Cli;
using Cascade.Cli.Charts;
using Cascade.TestKit.Processes;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_Report_IsOneWellFormedPageWithoutAnythingFromElsewhere()
    {
        await EvaluateAsync("--out", _folder.Path);

        var html = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "report.html"), Ct);
        var page = XDocument.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal));
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("img"));
        var figures = page.Descendants("figure").ToList();
        Assert.True(figures.Count >= 3);
        Assert.All(figures, figure =>
        {
            var svg = Assert.Single(figure.Elements("svg"));
            Assert.Equal("img", svg.Attribute("role")?.Value);
            Assert.All(svg.Attribute("aria-labelledby")!.Value.Split(' '), id => Assert.Single(svg.Elements(), e => e.Attribute("id")?.Value == id && e.Value.Length > 5));
            Assert.Single(figure.Descendants("table"));
        });
        var ids = page.Descendants().Attributes("id").Select(a => a.Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Evaluate_Charts_HaveTheirSizeAndAreNotEmpty()
    {
        await EvaluateAsync("--out", _folder.Path);

        var pictures = Directory.GetFiles(_folder.Path, "*.png");
        Assert.True(pictures.Length >= 3);
        foreach (var picture in pictures)
        {
            var png = await File.ReadAllBytesAsync(picture, Ct);
            Assert.Equal(ChartTheme.Width * ChartTheme.PngScale, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(16)));
            Assert.Equal(ChartTheme.Height * ChartTheme.PngScale, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(20)));
            Assert.True(png.Length > 10_000, $"{picture} has {png.Length} bytes, as if nothing were drawn");
            var svg = XDocument.Load(Path.ChangeExtension(picture, ".svg")).Root!;
            Assert.Equal($"0 0 {ChartTheme.Width} {ChartTheme.Height}", svg.Attribute("viewBox")?.Value);
            Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "path");
            Assert.Contains(svg.Descendants(), e => e.Name.LocalName == "text" && e.Value.Length > 3);
            Assert.Contains("prefers-color-scheme:dark", svg.Elements().First(e => e.Name.LocalName == "style").Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Evaluate_Page_IsTheSameForTheSameSeedAndLeavesTheLessonsAlone()
    {
        var (first, second) = (Path.Combine(_folder.Path, "a", "evaluation.md"), Path.Combine(_folder.Path, "b", "evaluation.md"));
        var lessons = Path.Combine(_folder.Path, "a", "evaluation-lessons.md");
        Directory.CreateDirectory(Path.GetDirectoryName(lessons)!);
        await File.WriteAllTextAsync(lessons, "by hand", Ct);

        await EvaluateAsync("--page", first);
        await EvaluateAsync("--page", second);

        var page = await File.ReadAllTextAsync(first, Ct);
        Assert.Equal(page, await File.ReadAllTextAsync(second, Ct));
        var picture = Assert.Single(Directory.GetFiles(Path.Combine(_folder.Path, "a", "images")));
        Assert.Equal(await File.ReadAllBytesAsync(picture, Ct), await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "b", "images", Path.GetFileName(picture)), Ct));
        Assert.Contains($"](images/{Path.GetFileName(picture)})", page, StringComparison.Ordinal);
        Assert.Contains("| threshold-pair |", page.Replace("**", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, page, StringComparison.Ordinal);
        Assert.DoesNotContain("question 1 about", page, StringComparison.Ordinal);
        Assert.Equal("by hand", await File.ReadAllTextAsync(lessons, Ct));
    }

    [Fact]
    public async Task Evaluate_Json_HasFiveBudgetsWithIntervalsPerStrategy()
    {
        var run = await EvaluateAsync("--json");

        using var document = JsonDocument.Parse(run.Output);
        var strategies = document.RootElement[0].GetProperty("strategies").EnumerateArray().ToList();
        Assert.Equal(2, strategies.Count);
        Assert.All(strategies, s => Assert.Equal(5, s.GetProperty("budgets").GetArrayLength()));
        Assert.All(strategies.SelectMany(s => s.GetProperty("budgets").EnumerateArray()), b => Assert.InRange(
            b.GetProperty("quality").GetDouble(), b.GetProperty("quality_interval").GetProperty("low").GetDouble(), b.GetProperty("quality_interval").GetProperty("high").GetDouble()));
    }

    [Fact]
    public async Task Calibrate_Json_MeasuresFiveCalibratorsAndKeepsItsGuarantee()
    {
        var run = await CliRun.OfAsync("calibrate", "--outcomes", TinyOutcomes.File, "--risk", "0.2", "--json", "--out", _folder.Path);

        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("large", document.RootElement.GetProperty("reference").GetString());
        var small = document.RootElement.GetProperty("models").EnumerateArray().First(m => m.GetProperty("model").GetString() == "small");
        Assert.Equal(
            ["identity", "platt", "beta", "isotonic", "histogram"], small.GetProperty("calibrators").EnumerateArray().Select(c => c.GetProperty("calibrator").GetString()));
        Assert.Single(small.GetProperty("calibrators").EnumerateArray(), c => c.GetProperty("is_used").GetBoolean());
        Assert.Equal(2, small.GetProperty("guarantees").GetArrayLength());
        Assert.True(File.Exists(Path.Combine(_folder.Path, "calibration.html")));
    }

    [Fact]
    public async Task Pace_EveryPacer_StaysWithinTheBudgetAndWritesItsCharts()
    {
        var run = await CliRun.OfAsync(
            "pace", "--outcomes", TinyOutcomes.File, "--budget-usd", "0.0002", "--requests", "300", "--runs", "2", "--pacer",
            "dual,entropic,fixed-plan,schedule,pid,spend-plan,fixed-price,none,paretobandit,port", "--arrivals", "bursty", "--json", "--out", _folder.Path);

        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        using var document = JsonDocument.Parse(run.Output);
        var pacers = document.RootElement.GetProperty("pacers").EnumerateArray().ToList();
        Assert.Equal(10, pacers.Count);
        Assert.All(pacers, p => Assert.InRange(p.GetProperty("utilisation").GetDouble(), 0.01, 1.0001));
        Assert.Equal(3, Directory.GetFiles(_folder.Path, "*.svg").Length);
        Assert.DoesNotContain("http", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pacing.html"), Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_Page_StatesBothIntervals()
    {
        var page = Path.Combine(_folder.Path, "evaluation.md");

        await EvaluateAsync("--page", page, "--most-models", "2");

        var text = await File.ReadAllTextAsync(page, Ct);
        Assert.Contains("**Pointwise**", text, StringComparison.Ordinal);
        Assert.Contains("**Simultaneously**", text, StringComparison.Ordinal);
        Assert.Contains("standard errors), the plan is worse than", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_OneModelAtMost_IsRefusedWithTheRepair()
    {
        var run = await CliRun.OfAsync("evaluate", "--outcomes", TinyOutcomes.File, "--most-models", "1");

        Assert.Equal(ExitCodes.BadUsage, run.ExitCode);
        Assert.Contains("give at least 2", run.Errors, StringComparison.Ordinal);
    }

    private static async Task<CliRun> EvaluateAsync(params string[] more)
    {
        var run = await CliRun.OfAsync(["evaluate", "--outcomes", TinyOutcomes.File, "--strategy", "single-model,threshold-pair", "--resamples", "200", .. more]);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        return run;
    }
}
