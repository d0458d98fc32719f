using System.Net;
using Cascade.Server.Gateway.Endpoints;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class HealthTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_AllChecksPass_IsOkWithoutAKey()
    {
        await using var gateway = await GatewayFixture.StartAsync(checks: [new Check("silo", _ => Task.FromResult<string?>(null))]);
        gateway.Http.DefaultRequestHeaders.Authorization = null;

        using var response = await gateway.Http.GetAsync("/health/ready", Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok", (await GatewayFixture.ReadAsync(response)).GetProperty("checks").GetProperty("silo").GetString());
    }

    [Fact]
    public async Task Ready_OneCheckFails_NamesItAndLiveStaysFine()
    {
        await using var gateway = await GatewayFixture.StartAsync(checks:
        [
            new Check("silo", _ => Task.FromResult<string?>(null)),
            new Check("storage", _ => throw new InvalidOperationException("secret detail")),
        ]);

        using var ready = await gateway.Http.GetAsync("/health/ready", Cancelled);
        using var live = await gateway.Http.GetAsync("/health/live", Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var body = await GatewayFixture.ReadAsync(ready);
        Assert.Equal("failed (InvalidOperationException)", body.GetProperty("checks").GetProperty("storage").GetString());
        Assert.DoesNotContain("secret", body.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Ready_CheckHangs_FailsAtTheDeadline()
    {
        var asked = new TaskCompletionSource();
        await using var gateway = await GatewayFixture.StartAsync(checks: new Check("storage", _ =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<string?>().Task;
        }));
        var pending = gateway.Http.GetAsync("/health/ready", Cancelled);

        await asked.Task.WaitAsync(Cancelled);
        gateway.Time.Advance(TimeSpan.FromSeconds(3));

        using var response = await pending;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("no answer in time", await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ready_WhileStopping_DropsBeforeTheServerCloses()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.DrainDelay = TimeSpan.FromSeconds(5));
        var stopping = gateway.StopAsync();

        using var ready = await gateway.Http.GetAsync("/health/ready", Cancelled);
        using var served = await gateway.AskAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("stopping", (await GatewayFixture.ReadAsync(ready)).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.False(stopping.IsCompleted);
        gateway.Time.Advance(TimeSpan.FromSeconds(5));
        await stopping.WaitAsync(Cancelled);
    }

    private sealed class Check(string name, Func<CancellationToken, Task<string?>> check) : IReadinessCheck
    {
        public string Name => name;

        public Task<string?> CheckAsync(CancellationToken cancellationToken) => check(cancellationToken);
    }
}
