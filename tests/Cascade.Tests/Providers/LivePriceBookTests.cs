using Cascade.Providers.Pricing;
using Cascade.TestKit.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class LivePriceBookTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly TempDirectory _folder = new();
    private readonly FakeTimeProvider _time = CallerFixture.NewClock();
    private readonly Lines _log = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "prices.yaml");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void At_FileChanged_IsFollowedAfterTheInterval()
    {
        var live = Open(Book(1));
        var source = live.Entry("a/m");
        File.WriteAllText(Path, Book(2));

        Assert.Equal(1_000_000_000, Input(source));
        _time.Advance(Interval);
        Assert.Equal(2_000_000_000, Input(source));
        Assert.Equal((1, 0), (live.Reloads, live.Failures));
    }

    [Fact]
    public void At_FileUnchanged_IsNoReload()
    {
        var live = Open(Book(1));
        _time.Advance(Interval);

        Assert.Equal(1_000_000_000, Input(live.Entry("a/m")));
        Assert.Equal((0, 0), (live.Reloads, live.Failures));
        Assert.Empty(_log.Texts);
    }

    [Theory]
    [InlineData("format: cascade.prices\nversion: 1\nprices: [", "neither YAML nor JSON")]
    [InlineData("format: cascade.prices\nversion: 1\nprices: []", "'a/m' is gone, and an endpoint refers to it")]
    [InlineData(null, "cannot be read")]
    public void At_FileThatCannotBeUsed_KeepsTheLastGoodPricesAndSaysSoOnce(string? text, string problem)
    {
        var live = Open(Book(1));
        if (text is null)
            File.Delete(Path);
        else
            File.WriteAllText(Path, text);

        for (var look = 0; look < 3; look++)
        {
            _time.Advance(Interval);
            Assert.Equal(1_000_000_000, Input(live.Entry("a/m")));
        }

        Assert.Equal((0, 1), (live.Reloads, live.Failures));
        Assert.Contains(problem, Assert.Single(_log.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void At_MistakeRepaired_TakesTheNewPrices()
    {
        var live = Open(Book(1));
        File.WriteAllText(Path, "broken: [");
        _time.Advance(Interval);
        _ = live.Current;
        File.WriteAllText(Path, Book(3));
        _time.Advance(Interval);

        Assert.Equal(3_000_000_000, Input(live.Entry("a/m")));
        Assert.Equal((1, 1), (live.Reloads, live.Failures));
    }

    private LivePriceBook Open(string text)
    {
        File.WriteAllText(Path, text);
        return new LivePriceBook(PriceBookReader.ReadFiles([Path]).Book!, [Path], ["a/m"], Interval, _time, _log);
    }

    private long Input(IPriceSource source) => source.At(_time.GetUtcNow())!.Tokens.Input;

    private static string Book(int price) =>
        $"format: cascade.prices\nversion: 1\nprices:\n  - {{provider: a, model: m, input: {price}, output: 1}}\n";

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Texts.Add(formatter(state, exception));
        }
    }
}
