using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class ProviderQuotaTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 6, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ProviderQuota _quota = new(expectedTokens: 100);

    [Fact]
    public void Calls_NothingSaid_AreUnbounded()
    {
        Assert.Null(_quota.Calls(Now));
        Assert.Equal(TimeSpan.Zero, _quota.UntilOne(Now));
    }

    [Fact]
    public void Calls_FewerTokensThanRequests_TokensBind()
    {
        _quota.Learn(Left(50, null, 10), Left(420, null, 10), TimeSpan.Zero, Now);

        Assert.Equal(4, _quota.Calls(Now));
        Assert.Equal((50, 420), (_quota.Requests(Now), _quota.Tokens(Now)));
    }

    [Fact]
    public void Calls_LimitIsKnown_GrowEvenlyAndAreUnknownOnceAllIsBack()
    {
        _quota.Learn(Left(0, 60, 60), null, TimeSpan.Zero, Now);

        Assert.Equal([0, 1, 30, 59, null], new[] { 0, 1, 30, 59.5, 60 }.Select(s => _quota.Calls(Now + (Second * s))));
    }

    [Fact]
    public void Calls_LimitIsUnknown_StayUntilTheReset()
    {
        _quota.Learn(Left(3, null, 60), null, TimeSpan.Zero, Now);

        Assert.Equal([3, 3, null], new[] { 0, 59, 60 }.Select(s => _quota.Calls(Now + (Second * s))));
    }

    [Theory]
    [InlineData(0, 60, 60, 1)]
    [InlineData(0, null, 60, 60)]
    [InlineData(1, 60, 60, 0)]
    public void UntilOne_NothingLeft_IsWhenOneCallFits(long remaining, int? limit, int reset, int seconds)
    {
        _quota.Learn(Left(remaining, limit, reset), null, TimeSpan.Zero, Now);

        Assert.Equal(Second * seconds, _quota.UntilOne(Now));
    }

    [Fact]
    public void Learn_NewerWord_Counts()
    {
        _quota.Learn(Left(1, null, 60), null, TimeSpan.Zero, Now);
        _quota.Learn(Left(40, null, 60), null, TimeSpan.Zero, Now + Second);

        Assert.Equal(40, _quota.Calls(Now + Second));
    }

    [Fact]
    public void Learn_OlderWordComesLater_DoesNotCount()
    {
        _quota.Learn(Left(1, null, 60), null, TimeSpan.Zero, Now);
        _quota.Learn(Left(40, null, 50), null, Second * 11, Now + (Second * 10));

        Assert.Equal(1, _quota.Calls(Now + (Second * 10)));
    }

    private static QuotaLeft Left(long remaining, long? limit, int reset) => new() { Remaining = remaining, Limit = limit, ResetIn = Second * reset };
}
