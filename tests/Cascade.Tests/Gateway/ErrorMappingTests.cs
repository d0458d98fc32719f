using System.Net;
using Cascade.Contracts;
using Cascade.Server.Gateway.Errors;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class ErrorMappingTests
{
    public static TheoryData<CascadeStatus, int, string, string, int?> Rows => new()
    {
        { CascadeStatus.InvalidRequest, 400, "invalid_request_error", "invalid_request", null },
        { CascadeStatus.UnknownAccount, 403, "invalid_request_error", "account_unknown", null },
        { CascadeStatus.UnknownModel, 404, "invalid_request_error", "model_not_found", null },
        { CascadeStatus.UnpricedModel, 400, "invalid_request_error", "model_unpriced", null },
        { CascadeStatus.InsufficientQuota, 402, "insufficient_quota", "insufficient_quota", null },
        { CascadeStatus.BudgetUnavailable, 503, "server_error", "budget_unavailable", 1 },
        { CascadeStatus.Overloaded, 503, "server_error", "overloaded", 1 },
        { CascadeStatus.ProviderFailed, 502, "server_error", "provider_failed", null },
        { CascadeStatus.Abstained, 422, "invalid_request_error", "abstained", null },
        { CascadeStatus.StreamBroken, 502, "server_error", "stream_broken", null },
        { CascadeStatus.Cancelled, 499, "invalid_request_error", "cancelled", null },
        { CascadeStatus.IdempotencyKeyReused, 422, "invalid_request_error", "idempotency_key_reused", null },
        { CascadeStatus.IdempotencyKeyBusy, 409, "invalid_request_error", "idempotency_key_busy", 1 },
        { CascadeStatus.IdempotencyUnavailable, 503, "server_error", "idempotency_unavailable", 1 },
        { CascadeStatus.NotAllowed, 403, "invalid_request_error", "endpoint_not_allowed", null },
        { CascadeStatus.DeadlinePassed, 504, "server_error", "request_timeout", null },
        { CascadeStatus.OwnKeyRejected, 403, "invalid_request_error", "provider_key_rejected", null },
    };

    [Fact]
    public void Table_EveryStatusWithoutAnAnswer_HasARow() => Assert.Equal(
        Enum.GetValues<CascadeStatus>().Where(s => s is not (CascadeStatus.None or CascadeStatus.Answered)).Order(),
        StatusMap.Rows.Keys.Order());

    [Fact]
    public void Table_EveryStatusWithoutAnAnswer_IsTested() => Assert.Equal(
        StatusMap.Rows.Keys.Order(),
        Rows.Select(row => row.Data.Item1).Order());

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Ask_Refused_HasTheRowsStatusTypeAndCode(CascadeStatus status, int http, string type, string code, int? retryAfter)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.Refusal(status, "field x: is wrong; repair it"));

        using var response = await gateway.AskAsync();

        Assert.Equal(http, (int)response.StatusCode);
        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("field x: is wrong; repair it", error.GetProperty("message").GetString());
        Assert.Equal(Replies.TraceId, error.GetProperty("trace_id").GetString());
        Assert.Equal(retryAfter, (int?)response.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal("0.000000000", Assert.Single(response.Headers.GetValues("x-cascade-cost-usd")));
    }

    [Fact]
    public async Task Ask_NoMoneyUntilReset_TellsAmountsResetAndRetryAfter()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.NoMoney(needed: 50_000, cap: 1_000_000, Replies.ResetsAt));

        using var response = await gateway.AskAsync();

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal("insufficient_quota", error.GetProperty("code").GetString());
        Assert.Equal("0.000012345", error.GetProperty("remaining_usd").GetString());
        Assert.Equal("0.000050000", error.GetProperty("needed_usd").GetString());
        Assert.Equal(Replies.ResetsAt, error.GetProperty("resets_at").GetDateTimeOffset());
        Assert.Contains("0.000012345", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("2031-05-06", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("0.000012345", Assert.Single(response.Headers.GetValues("x-cascade-budget-remaining-usd")));
        Assert.Equal(Replies.ResetsAt - GatewayFixture.Start, response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData(2_000_000, true)]
    [InlineData(50_000, false)]
    public async Task Ask_NoMoneyAndNoResetHelps_HasNoRetryAfter(long needed, bool resets)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => Task.FromResult(Replies.NoMoney(needed, cap: 1_000_000, resets ? Replies.ResetsAt : null));

        using var response = await gateway.AskAsync();

        Assert.Equal(HttpStatusCode.PaymentRequired, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
    }

    public static TheoryData<string, int, string> Faults => new()
    {
        { nameof(TimeoutException), 504, "cluster_timeout" },
        { nameof(SiloUnavailableException), 504, "cluster_timeout" },
        { nameof(EnumerationAbortedException), 504, "cluster_timeout" },
        { nameof(GatewayTooBusyException), 503, "cluster_unavailable" },
        { nameof(InvalidOperationException), 500, "internal_error" },
        { nameof(OperationCanceledException), 500, "internal_error" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Ask_Fault_IsShapedAndTellsNothingOfTheInside(string fault, int http, string code)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Cluster.OnComplete = (_, _) => throw (fault switch
        {
            nameof(TimeoutException) => new TimeoutException("secret detail"),
            nameof(SiloUnavailableException) => new SiloUnavailableException("secret detail"),
            nameof(EnumerationAbortedException) => new EnumerationAbortedException("secret detail"),
            nameof(GatewayTooBusyException) => new GatewayTooBusyException("secret detail"),
            nameof(OperationCanceledException) => new OperationCanceledException("secret detail"),
            _ => new InvalidOperationException("secret detail"),
        });

        using var response = await gateway.AskAsync();

        Assert.Equal(http, (int)response.StatusCode);
        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal("server_error", error.GetProperty("type").GetString());
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(fault, error.ToString(), StringComparison.Ordinal);
    }
}
