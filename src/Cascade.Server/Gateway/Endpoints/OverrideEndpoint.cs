using Cascade.Client;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary><c>POST /v1/admin/overrides</c>: an operator changes a cap for a time, or ends such a change.</summary>
internal sealed class OverrideEndpoint(ICascadeClient client, AdminAccess access, HttpConfig limits, IRequestIdSource ids, TimeProvider time)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out var error))
        {
            await ErrorWriter.WriteAsync(http, error!, time);
            return;
        }

        var (body, tooLarge) = await BodyReader.ReadAsync(http.Request, limits.MaxBodyBytes, http.RequestAborted);
        if (tooLarge is not null)
        {
            await ErrorWriter.WriteAsync(http, tooLarge, time);
            return;
        }

        if (!OverrideReader.TryRead(body, ids.Next(), time.GetUtcNow(), out var wish, out error))
        {
            await ErrorWriter.WriteAsync(http, error!, time);
            return;
        }

        var reply = await client.OverrideCapAsync(wish.Budget, wish.Request, http.RequestAborted);
        if (reply.Status != BudgetStatus.Ok)
        {
            await ErrorWriter.WriteAsync(http, ToError(reply), time);
            return;
        }

        var answer = new OverrideBody
        {
            Id = wish.Request.OverrideId,
            Account = wish.Budget.Account.Value,
            Endpoint = wish.Budget.Endpoint.Length > 0 ? wish.Budget.Endpoint : null,
            Ended = wish.Request.End,
            LimitUsd = UsdText.Format(reply.LimitNanos),
            ExpiresAt = wish.Request.End ? null : wish.Request.ExpiresAt,
        };
        await http.Response.WriteAsJsonAsync(answer, GatewayJson.Readable.OverrideBody, cancellationToken: http.RequestAborted);
    }

    private static ApiError ToError(CapOverrideReply reply) => reply.Status switch
    {
        BudgetStatus.InvalidCommand => new ApiError(GatewayErrors.InvalidValue, reply.Problem),
        BudgetStatus.UnknownAccount => new ApiError(
            StatusMap.Find(CascadeStatus.UnknownAccount), "the budget is not configured in the cluster, nor is a template for it; correct 'account' or 'endpoint'"),
        _ => new ApiError(StatusMap.Find(CascadeStatus.BudgetUnavailable), "the account's state is not to be had now; try again shortly"),
    };
}
