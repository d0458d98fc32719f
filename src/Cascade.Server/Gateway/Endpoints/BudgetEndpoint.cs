using Cascade.Client;
using Cascade.Contracts;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary><c>GET /v1/budget</c>: the caller's own account or one below it, and no other.</summary>
internal sealed class BudgetEndpoint(ICascadeClient client, BearerAccess access, TimeProvider time)
{
    private const string CollectParameter = "collect";
    private const string HistoryParameter = "history";

    public async Task HandleAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out var account, out var refused))
        {
            await ErrorWriter.WriteAsync(http, refused!, time);
            return;
        }

        if (!TryRead(http.Request.Query, CollectParameter, out var collect, out var badFlag)
            || !TryRead(http.Request.Query, HistoryParameter, out var history, out badFlag))
        {
            await ErrorWriter.WriteAsync(http, badFlag!, time);
            return;
        }

        if (!CallerAccount.TryRead(http.Request.Headers, account, out var payer, out var badAccount))
        {
            await ErrorWriter.WriteAsync(http, badAccount!, time);
            return;
        }

        var snapshot = await client.GetBudgetAsync(payer, collect, http.RequestAborted);
        if (snapshot.Status != BudgetStatus.Ok)
        {
            await ErrorWriter.WriteAsync(http, ToError(snapshot.Status), time);
            return;
        }

        await http.Response.WriteAsJsonAsync(ToBody(snapshot, history), GatewayJson.Readable.BudgetBody, cancellationToken: http.RequestAborted);
    }

    private static bool TryRead(IQueryCollection query, string name, out bool flag, out ApiError? error)
    {
        flag = false;
        error = null;
        if (query.TryGetValue(name, out var values) && (values.Count != 1 || !bool.TryParse(values[0], out flag)))
        {
            error = new ApiError(GatewayErrors.InvalidValue, $"'{name}' must be true or false, given at most once") { Param = name };
        }

        return error is null;
    }

    private static ApiError ToError(BudgetStatus status) => status == BudgetStatus.UnknownAccount
        ? new ApiError(StatusMap.Find(CascadeStatus.UnknownAccount), "the account is not configured in the cluster, nor is a template for it; ask the operator")
        : new ApiError(StatusMap.Find(CascadeStatus.BudgetUnavailable), "the account's state is not to be had now; try again shortly");

    private static BudgetBody ToBody(AccountSnapshot snapshot, bool history) => new()
    {
        Account = snapshot.Account.Value,
        SettledUsd = UsdText.Format(snapshot.SettledNanos),
        UnconfirmedUpperUsd = UsdText.Format(snapshot.UnconfirmedUpperNanos),
        UnconfirmedLowerUsd = UsdText.Format(snapshot.UnconfirmedLowerNanos),
        LeasedUsd = UsdText.Format(snapshot.LeasedNanos),
        OverrunUsd = UsdText.Format(snapshot.OverrunNanos),
        OpenLeases = snapshot.OpenLeases,
        Requests = snapshot.Requests,
        ShadowPrice = Finite(snapshot.ShadowPrice),
        PriceHistory = history ? [.. snapshot.PriceHistory.Select(ToPrice)] : null,
        Windows = [.. snapshot.Windows.Select(ToWindow)],
    };

    private static double Finite(double price) => double.IsFinite(price) ? price : 0;

    private static BudgetPrice ToPrice(PricePoint point) => new()
    {
        At = point.At,
        ShadowPrice = Finite(point.Price),
        SettledUsd = UsdText.Format(point.SettledNanos),
        RemainingUsd = UsdText.Format(point.RemainingNanos),
    };

    private static BudgetWindow ToWindow(WindowSnapshot window) => new()
    {
        Window = window.Window,
        Hard = window.Hard,
        Mode = window.Mode.Length > 0 ? window.Mode : window.Hard ? "hard" : "soft",
        CapUsd = UsdText.Format(window.CapNanos),
        SettledUsd = UsdText.Format(window.SettledNanos),
        RemainingUsd = UsdText.Format(window.RemainingNanos),
        ResetsAt = window.ResetsAt,
    };
}
