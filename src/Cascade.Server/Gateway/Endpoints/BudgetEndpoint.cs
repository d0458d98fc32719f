using Cascade.Client;
using Cascade.Contracts;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary><c>GET /v1/budget</c>: the caller's own account, and no other.</summary>
internal sealed class BudgetEndpoint(ICascadeClient client, BearerAccess access, TimeProvider time)
{
    private const string CollectParameter = "collect";

    public async Task HandleAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out var account, out var refused))
        {
            await ErrorWriter.WriteAsync(http, refused!, time);
            return;
        }

        if (!TryReadCollect(http.Request.Query, out var collect))
        {
            var error = new ApiError(GatewayErrors.InvalidValue, "'collect' must be true or false, given at most once") { Param = CollectParameter };
            await ErrorWriter.WriteAsync(http, error, time);
            return;
        }

        var snapshot = await client.GetBudgetAsync(account, collect, http.RequestAborted);
        if (snapshot.Status != BudgetStatus.Ok)
        {
            await ErrorWriter.WriteAsync(http, ToError(snapshot.Status), time);
            return;
        }

        await http.Response.WriteAsJsonAsync(ToBody(snapshot), GatewayJson.Readable.BudgetBody, cancellationToken: http.RequestAborted);
    }

    private static bool TryReadCollect(IQueryCollection query, out bool collect)
    {
        collect = false;
        return !query.TryGetValue(CollectParameter, out var values) || (values.Count == 1 && bool.TryParse(values[0], out collect));
    }

    private static ApiError ToError(BudgetStatus status) => status == BudgetStatus.UnknownAccount
        ? new ApiError(StatusMap.Find(CascadeStatus.UnknownAccount), "the key's account is not configured in the cluster; ask the operator")
        : new ApiError(StatusMap.Find(CascadeStatus.BudgetUnavailable), "the account's state is not to be had now; try again shortly");

    private static BudgetBody ToBody(AccountSnapshot snapshot) => new()
    {
        Account = snapshot.Account.Value,
        SettledUsd = UsdText.Format(snapshot.SettledNanos),
        UnconfirmedUpperUsd = UsdText.Format(snapshot.UnconfirmedUpperNanos),
        UnconfirmedLowerUsd = UsdText.Format(snapshot.UnconfirmedLowerNanos),
        LeasedUsd = UsdText.Format(snapshot.LeasedNanos),
        OverrunUsd = UsdText.Format(snapshot.OverrunNanos),
        OpenLeases = snapshot.OpenLeases,
        Requests = snapshot.Requests,
        ShadowPrice = double.IsFinite(snapshot.ShadowPrice) ? snapshot.ShadowPrice : 0,
        Windows = [.. snapshot.Windows.Select(ToWindow)],
    };

    private static BudgetWindow ToWindow(WindowSnapshot window) => new()
    {
        Window = window.Window,
        Hard = window.Hard,
        CapUsd = UsdText.Format(window.CapNanos),
        SettledUsd = UsdText.Format(window.SettledNanos),
        RemainingUsd = UsdText.Format(window.RemainingNanos),
        ResetsAt = window.ResetsAt,
    };
}
