using Cascade.Cli.Demo;
using Cascade.Cli.Demo.Reporting;
using Xunit;

namespace Cascade.Tests.Cli;

public sealed class ReportTests
{
    public static TheoryData<string, string> Wrongs => new()
    {
        { "spend-above-cap", "above the cap" },
        { "unconfirmed-above-cap", "above the cap" },
        { "overrun", "above the cap" },
        { "ledger-differs", "the ledger says" },
        { "failed", "500 internal_error" },
        { "never-refused", "never refused" },
        { "refused-too-early", "11.7% of its cap left" },
        { "rich-refused", "rich: 3 requests were refused" },
        { "tight-does-not-choose", "did not keep more" },
        { "no-better-than-cheap", "not more often right" },
    };

    [Fact]
    public void Contradictions_GoodReport_None() => Assert.Empty(ReportChecks.Contradictions(Reports.Good()));

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void Contradictions_SomethingMustNotBe_IsNamed(string wrong, string said)
    {
        var good = Reports.Good();
        var report = wrong switch
        {
            "spend-above-cap" => good.With(DemoPlan.RunsOut, t => t with { SpendNanos = t.CapNanos + 1, CostNanos = t.CapNanos + 1 }),
            "unconfirmed-above-cap" => good.With(DemoPlan.Tight, t => t with { UnconfirmedNanos = t.CapNanos - t.SpendNanos + 1 }),
            "overrun" => good.With(DemoPlan.Rich, t => t with { OverrunNanos = 1 }),
            "ledger-differs" => good.With(DemoPlan.Rich, t => t with { SpendNanos = t.SpendNanos + 1 }),
            "failed" => good.With(DemoPlan.Rich, t => t with { Failed = 2, Failures = new Dictionary<string, int> { ["500 internal_error"] = 2 } }),
            "never-refused" => good.With(DemoPlan.RunsOut, t => t with { Refused = 0 }),
            "refused-too-early" => good.With(DemoPlan.RunsOut, t => t with { SpendNanos = 10_600_000, CostNanos = 10_600_000 }),
            "rich-refused" => good.With(DemoPlan.Rich, t => t with { Refused = 3 }),
            "tight-does-not-choose" => good.With(DemoPlan.Tight, t => t with { KeptOnCheap = 164 }),
            _ => good.With(DemoPlan.Rich, t => t with { Right = 164 }),
        };

        Assert.Contains(said, Assert.Single(ReportChecks.Contradictions(report)), StringComparison.Ordinal);
    }

    [Fact]
    public void Contradictions_LiveAboveTenCents_IsNamed()
    {
        var live = Reports.Good(DemoSource.Live).With(DemoPlan.Rich, t => t with { CostNanos = 28_200_001, SpendNanos = 28_200_001 });

        Assert.Contains("0.100000001, above the limit of 0.100000000", Assert.Single(ReportChecks.Contradictions(live)), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_GoodReport_AreComputed()
    {
        var findings = ReportFindings.Of(Reports.Good()).ToArray();

        Assert.Equal(3, findings.Length);
        Assert.Contains("94.0% of its answers right (cheap model alone 82.0%, strong model alone 95.5%: +12.0 points and -1.5 points), for 27%", findings[0], StringComparison.Ordinal);
        Assert.Contains("tight kept 91% on the cheap model where rich kept 82%: right answers -6.0 points, for 61% of the money, and nothing", findings[1], StringComparison.Ordinal);
        Assert.Contains("100 answers, then 100 typed refusals (HTTP 402, insufficient_quota); it spent 99.2% of its cap, never more", findings[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_TheOtherWayRound_SayTheOtherThing()
    {
        var report = Reports.Good().With(DemoPlan.RunsOut, t => t with { SpendNanos = t.CapNanos * 2 }).With(DemoPlan.Tight, t => t with { Refused = 7, Right = 200 });

        var findings = string.Join('\n', ReportFindings.Of(report));

        Assert.Contains("MORE than its cap", findings, StringComparison.Ordinal);
        Assert.Contains("right answers +6.0 points", findings, StringComparison.Ordinal);
        Assert.Contains("7 requests were refused", findings, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_NothingAnswered_SayNothingOfShares()
    {
        var report = Reports.Good().With(DemoPlan.Rich, t => t with { Answered = 0, Right = 0, KeptOnCheap = 0, AllStrongNanos = 0 });

        Assert.Single(ReportFindings.Of(report));
        Assert.Null(report.Tenant(DemoPlan.Rich).RightShare);
        Assert.Null(report.Tenant(DemoPlan.Rich).CostShare);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Write_AnyWidth_FitsAndLabelsTheSource(int width)
    {
        using var output = new StringWriter();

        ReportWriter.Write(CliRun.Terminal(output, width), Reports.Good(DemoSource.Synthetic), new Uri("http://127.0.0.1:65535/"));

        var lines = output.ToString().Split('\n');
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width, line));
        Assert.Contains(lines, line => line.StartsWith("SYNTHETIC", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("94.0%", StringComparison.Ordinal) && line.Contains("88.0%", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "$0.00")]
    [InlineData(25_000_000_000, "$25.00")]
    [InlineData(98_200_000, "$0.0982")]
    [InlineData(33_300, "$0.0000333")]
    public void Show_Amounts_AreReadable(long nanos, string text) => Assert.Equal(text, Usd(nanos));

    private static string Usd(long nanos) => Cascade.Cli.Usd.Show(nanos);
}
