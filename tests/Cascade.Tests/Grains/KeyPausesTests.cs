using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>A provider that has had enough of one key has not had enough of others.</summary>
public sealed class KeyPausesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly OwnKey Acmes = new(new AccountId("acme"), ProviderKey.FromEnvironment("ACMES_KEY"));
    private static readonly OwnKey Betas = new(new AccountId("beta"), ProviderKey.FromEnvironment("BETAS_KEY"));

    private readonly FakeTimeProvider _time = new();
    private readonly EndpointModel _endpoint = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Build().Endpoints["m"];
    private readonly KeyPauses _pauses;

    public KeyPausesTests() => _pauses = new KeyPauses(_time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Learn_RefusedForRate_PausesThatKeyAtThatEndpointAlone()
    {
        var other = _endpoint with { Id = new EndpointId("other") };

        _pauses.Learn(_endpoint.SignedWith(Acmes), Throttled(10 * Second));

        Assert.Equal(10 * Second, _pauses.Left(_endpoint.SignedWith(Acmes)));
        Assert.Equal(TimeSpan.Zero, _pauses.Left(_endpoint.SignedWith(Betas)));
        Assert.Equal(TimeSpan.Zero, _pauses.Left(other.SignedWith(Acmes)));
        Assert.Equal(TimeSpan.Zero, _pauses.Left(_endpoint));
    }

    [Fact]
    public void Learn_EndpointsOwnKey_PausesNothingHere()
    {
        _pauses.Learn(_endpoint, Throttled(10 * Second));

        Assert.Equal(TimeSpan.Zero, _pauses.Left(_endpoint));
    }

    [Fact]
    public void Learn_ShorterAfterLonger_DoesNotCutThePauseShort()
    {
        var endpoint = _endpoint.SignedWith(Acmes);
        _pauses.Learn(endpoint, Throttled(10 * Second));

        _pauses.Learn(endpoint, Throttled(Second));
        _time.Advance(4 * Second);

        Assert.Equal(6 * Second, _pauses.Left(endpoint));
    }

    [Fact]
    public void Learn_AnswerSaysThatNothingIsLeft_PausesUntilOneCallFits()
    {
        var limits = new ProviderLimits(new LimitLeft(0, 60, 60 * Second), null);

        _pauses.Learn(_endpoint.SignedWith(Acmes), new CallReport(CallEffect.Answered, false, default, 0, null, limits));

        Assert.Equal(Second, _pauses.Left(_endpoint.SignedWith(Acmes)));
    }

    [Fact]
    public async Task Wait_PauseIsShort_WaitsForItsEnd()
    {
        var endpoint = _endpoint.SignedWith(Acmes);
        _pauses.Learn(endpoint, Throttled(2 * Second));

        var waiting = _pauses.WaitAsync(endpoint, 5 * Second, Ct).AsTask();
        Assert.False(waiting.IsCompleted);
        _time.Advance(2 * Second);

        Assert.Equal(TimeSpan.Zero, await waiting);
    }

    [Fact]
    public async Task Wait_PauseGrowsBeyondWhatTheCallMayWait_SaysWhenToComeBack()
    {
        var endpoint = _endpoint.SignedWith(Acmes);
        _pauses.Learn(endpoint, Throttled(2 * Second));
        var waiting = _pauses.WaitAsync(endpoint, 5 * Second, Ct).AsTask();

        _pauses.Learn(endpoint, Throttled(60 * Second));
        _time.Advance(2 * Second);

        Assert.Equal(58 * Second, await waiting);
    }

    private static CallReport Throttled(TimeSpan retryAfter) => new(CallEffect.Throttled, true, default, 0, retryAfter);
}
