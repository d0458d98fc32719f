using System.Collections.Frozen;
using Cascade.Contracts;

namespace Cascade.Server.Gateway.Errors;

/// <summary>The one table from the cluster's refusals to HTTP; docs/http-api.md shows it and a test compares the two.</summary>
internal static class StatusMap
{
    public const string InvalidRequestType = "invalid_request_error";
    public const string QuotaType = "insufficient_quota";
    public const string ServerErrorType = "server_error";

    // The client is gone, so nobody reads this one; the number is what proxies log for it.
    private const int ClientClosedRequest = 499;

    public static FrozenDictionary<CascadeStatus, ErrorKind> Rows { get; } = new Dictionary<CascadeStatus, ErrorKind>
    {
        [CascadeStatus.InvalidRequest] = new(StatusCodes.Status400BadRequest, InvalidRequestType, "invalid_request"),
        [CascadeStatus.UnknownAccount] = new(StatusCodes.Status403Forbidden, InvalidRequestType, "account_unknown"),
        [CascadeStatus.UnknownModel] = new(StatusCodes.Status404NotFound, InvalidRequestType, "model_not_found"),
        [CascadeStatus.UnpricedModel] = new(StatusCodes.Status400BadRequest, InvalidRequestType, "model_unpriced"),
        [CascadeStatus.InsufficientQuota] = new(StatusCodes.Status402PaymentRequired, QuotaType, "insufficient_quota"),
        [CascadeStatus.BudgetUnavailable] = new(StatusCodes.Status503ServiceUnavailable, ServerErrorType, "budget_unavailable", 1),
        [CascadeStatus.Overloaded] = new(StatusCodes.Status503ServiceUnavailable, ServerErrorType, "overloaded", 1),
        [CascadeStatus.ProviderFailed] = new(StatusCodes.Status502BadGateway, ServerErrorType, "provider_failed"),
        [CascadeStatus.Abstained] = new(StatusCodes.Status422UnprocessableEntity, InvalidRequestType, "abstained"),
        [CascadeStatus.StreamBroken] = new(StatusCodes.Status502BadGateway, ServerErrorType, "stream_broken"),
        [CascadeStatus.Cancelled] = new(ClientClosedRequest, InvalidRequestType, "cancelled"),
        [CascadeStatus.IdempotencyKeyReused] =
            new(StatusCodes.Status422UnprocessableEntity, InvalidRequestType, "idempotency_key_reused"),
        [CascadeStatus.IdempotencyKeyBusy] = new(StatusCodes.Status409Conflict, InvalidRequestType, "idempotency_key_busy", 1),
        [CascadeStatus.IdempotencyUnavailable] =
            new(StatusCodes.Status503ServiceUnavailable, ServerErrorType, "idempotency_unavailable", 1),
        [CascadeStatus.NotAllowed] = new(StatusCodes.Status403Forbidden, InvalidRequestType, "endpoint_not_allowed"),
        [CascadeStatus.OwnKeyRejected] = new(StatusCodes.Status403Forbidden, InvalidRequestType, "provider_key_rejected"),
        [CascadeStatus.DeadlinePassed] = GatewayErrors.RequestTimeout,
    }.ToFrozenDictionary();

    public static ErrorKind Find(CascadeStatus status) =>
        Rows.TryGetValue(status, out var kind) ? kind : GatewayErrors.Internal;
}
