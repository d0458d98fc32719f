using Cascade.Providers.Calling;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class ProviderLimitsTests
{
    [Theory]
    [InlineData(0, 100, 60)]
    [InlineData(30, 3_050, 30)]
    [InlineData(59, 5_901, 1)]
    public void After_AWhile_WhatIsLeftHasGrownBackEvenly(int seconds, long remaining, int resetsIn)
    {
        var left = new LimitLeft(100, 6_000, TimeSpan.FromSeconds(60)).After(TimeSpan.FromSeconds(seconds));

        Assert.Equal(new LimitLeft(remaining, 6_000, TimeSpan.FromSeconds(resetsIn)), left);
    }

    [Fact]
    public void After_LimitIsNotNamed_KeepsWhatIsLeftUntilTheReset()
    {
        var left = new LimitLeft(5, null, TimeSpan.FromSeconds(60));

        Assert.Equal(5, left.After(TimeSpan.FromSeconds(59))!.Remaining);
        Assert.Null(left.After(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void After_BothAreBack_SaysNothingAnyMore()
    {
        var limits = new ProviderLimits(new LimitLeft(5, 10, TimeSpan.FromSeconds(20)), new LimitLeft(5, 10, TimeSpan.FromSeconds(60)));

        Assert.Equal((true, false), (limits.After(TimeSpan.FromSeconds(30))!.Requests is null, limits.After(TimeSpan.FromSeconds(30))!.Tokens is null));
        Assert.Null(limits.After(TimeSpan.FromMinutes(1)));
    }
}
