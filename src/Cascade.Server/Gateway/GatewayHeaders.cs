namespace Cascade.Server.Gateway;

/// <summary>Headers the gateway reads and writes beyond the standard ones; docs/http-api.md explains each.</summary>
internal static class GatewayHeaders
{
    public const string RequestId = "x-request-id";
    public const string TraceId = "x-cascade-trace-id";
    public const string CostUsd = "x-cascade-cost-usd";
    public const string Model = "x-cascade-model";
    public const string Escalated = "x-cascade-escalated";
    public const string Attempts = "x-cascade-attempts";
    public const string BudgetLimited = "x-cascade-budget-limited";
    public const string BudgetRemainingUsd = "x-cascade-budget-remaining-usd";
    public const string Replayed = "x-cascade-replayed";
    public const string LogprobsTruncated = "x-cascade-logprobs-truncated";
    public const string ShouldRetry = "x-should-retry";
    public const string Customer = "x-cascade-customer";
    public const string Run = "x-cascade-run";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string ClientRequestId = "X-Client-Request-Id";
}
