using Cascade.Grains.Hosting;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class CascadeOptionsCrossValidatorTests
{
    [Fact]
    public void Validate_Defaults_Pass() => Assert.Empty(Problems(_ => { }));

    [Fact]
    public void Validate_MarginEatsTheLease_NamesBoth() => Assert.Contains(
        "LeaseMargin is 00:00:30; make it shorter than LeaseLifetime, 00:00:30",
        Problems(o => o.LeaseMargin = o.LeaseLifetime));

    [Theory]
    [InlineData(13.9, false)]
    [InlineData(14, true)]
    public void Validate_ReportsTooRareToRenewALease_SaysHowOften(double seconds, bool refused)
    {
        var problems = Problems(o =>
        {
            o.SliceLifetime = TimeSpan.FromMinutes(5);
            o.ReportInterval = TimeSpan.FromSeconds(seconds);
        });

        if (refused)
        {
            var problem = Assert.Single(problems);
            Assert.StartsWith("ReportInterval is 00:00:14; make it less than half", problem, StringComparison.Ordinal);
            Assert.Contains("00:00:28", problem, StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(problems);
        }
    }

    [Theory]
    [InlineData(7.4, 0)]
    [InlineData(7.5, 1)]
    public void Validate_ReportsTooRareToRenewASlice_SaysHowOften(double seconds, int count)
    {
        var problems = Problems(o => o.ReportInterval = TimeSpan.FromSeconds(seconds));

        Assert.Equal(count, problems.Count);
        Assert.All(problems, p => Assert.EndsWith("make it less than half of SliceLifetime, 00:00:15", p, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_EverythingWrong_SaysItAllAtOnce() => Assert.Equal(
        3,
        Problems(o =>
        {
            o.LeaseMargin = TimeSpan.FromMinutes(1);
            o.ReportInterval = TimeSpan.FromMinutes(1);
        }).Count);

    private static List<string> Problems(Action<CascadeOptions> change)
    {
        var options = new CascadeOptions();
        change(options);
        return [.. new CascadeOptionsCrossValidator().Validate(null, options).Failures ?? []];
    }
}
