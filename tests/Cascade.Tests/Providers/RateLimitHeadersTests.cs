using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>What providers say of their limits, in the forms they say it.</summary>
public sealed class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("1s", 1_000)]
    [InlineData("6m0s", 360_000)]
    [InlineData("250ms", 250)]
    [InlineData("1h2m3s", 3_723_000)]
    [InlineData("7.66s", 7_660)]
    [InlineData("1m30.951s", 90_951)]
    [InlineData("500us", 0.5)]
    [InlineData("12", 12_000)]
    [InlineData("0s", 0)]
    [InlineData("90h90h", 86_400_000)]
    public void Duration_KnownForm_IsRead(string text, double milliseconds) =>
        Assert.Equal(milliseconds, RateLimitHeaders.Duration(text)!.Value.TotalMilliseconds, 1e-6);

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1x")]
    [InlineData("1.2.3s")]
    [InlineData("1s2")]
    [InlineData("2026-03-01T12:00:07Z")]
    [InlineData("soon")]
    public void Duration_AnythingElse_IsNone(string text) => Assert.Null(RateLimitHeaders.Duration(text));

    [Fact]
    public void Read_OpenAi_TakesRequestsAndTokens()
    {
        var limits = Read(
            ("x-ratelimit-limit-requests", "60"), ("x-ratelimit-remaining-requests", "59"), ("x-ratelimit-reset-requests", "1s"),
            ("x-ratelimit-limit-tokens", "150000"), ("x-ratelimit-remaining-tokens", "149984"), ("x-ratelimit-reset-tokens", "6m0s"));

        Assert.Equal(new LimitLeft(59, 60, TimeSpan.FromSeconds(1)), limits?.Requests);
        Assert.Equal(new LimitLeft(149_984, 150_000, TimeSpan.FromMinutes(6)), limits?.Tokens);
    }

    [Fact]
    public void Read_Anthropic_MomentsAreByTheProvidersClock()
    {
        var limits = Read(
            ("anthropic-ratelimit-requests-limit", "50"), ("anthropic-ratelimit-requests-remaining", "0"),
            ("anthropic-ratelimit-requests-reset", "2026-03-01T12:00:07Z"), ("anthropic-ratelimit-input-tokens-remaining", "4000"),
            ("anthropic-ratelimit-input-tokens-reset", "2026-03-01T12:00:30.5Z"));

        Assert.Equal(new LimitLeft(0, 50, TimeSpan.FromSeconds(7)), limits?.Requests);
        Assert.Equal(new LimitLeft(4_000, null, TimeSpan.FromSeconds(30.5)), limits?.Tokens);
    }

    [Fact]
    public void Read_WithoutReset_HoldsForASecond() =>
        Assert.Equal(new LimitLeft(3, null, TimeSpan.FromSeconds(1)), Read(("x-ratelimit-remaining-requests", "3"))?.Requests);

    [Theory]
    [InlineData("remaining-requests", "-1", "1s")]
    [InlineData("remaining-requests", "many", "1s")]
    [InlineData("remaining-requests", "3", "never")]
    [InlineData("remaining-requests", "3", "2026-03-01T11:59:00Z")]
    [InlineData("limit-requests", "3", "1s")]
    public void Read_NotUnderstoodOrPast_IsAsIfNotSent(string name, string value, string reset) =>
        Assert.Null(Read(($"x-ratelimit-{name}", value), ("x-ratelimit-reset-requests", reset)));

    [Fact]
    public void Read_AnyText_NeverThrowsAndIsWithinItsBounds() => Gen.Select(Gen.String, Gen.String).Sample(
        static (remaining, reset) =>
        {
            if (Read(("x-ratelimit-remaining-tokens", remaining), ("x-ratelimit-reset-tokens", reset))?.Tokens is { } left)
            {
                Assert.True(left.Remaining >= 0);
                Assert.InRange(left.ResetIn, TimeSpan.FromTicks(1), TimeSpan.FromDays(1));
            }
        },
        iter: 2_000);

    [Fact]
    public async Task CallAsync_RefusedForItsRate_CarriesWhatIsLeftByTheProvidersClock()
    {
        await using var fixture = await CallerFixture.StartAsync();
        var headers = new Dictionary<string, string>
        {
            ["Date"] = "Mon, 02 Mar 2026 09:00:00 GMT",
            ["anthropic-ratelimit-tokens-remaining"] = "0",
            ["anthropic-ratelimit-tokens-reset"] = "2026-03-02T09:00:20Z",
        };

        var result = await fixture.CallAsync(new StubFault.Status(429) { Headers = headers });

        Assert.Equal(new LimitLeft(0, null, TimeSpan.FromSeconds(20)), result.Limits?.Tokens);
        Assert.Null(result.Limits?.Requests);
    }

    private static ProviderLimits? Read(params (string Name, string Value)[] headers) =>
        RateLimitHeaders.Read(name => headers.FirstOrDefault(h => h.Name == name).Value, Now);
}
