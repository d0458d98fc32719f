using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Cascade.Client;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Server.Gateway.Access;
using Cascade.Server.Gateway.Errors;
using Cascade.Server.Gateway.Requests;
using Cascade.Server.Gateway.Wire;

namespace Cascade.Server.Gateway.Endpoints;

/// <summary>
/// <c>GET /v1/ledger/spend</c>: what the caller's own account and those below it have spent, and no other. One question of a key at a time:
/// each may read many entries, and nobody's reports shall keep those of others waiting.
/// </summary>
internal sealed class SpendEndpoint(ICascadeClient client, BearerAccess access, TimeProvider time)
{
    private const int MaxText = 256;
    private static readonly FrozenSet<string> Parameters = FrozenSet.Create(StringComparer.Ordinal, "account", "by", "from", "to", "time_zone", "after", "limit");

    private static readonly FrozenDictionary<string, SpendBy> Dimensions = new Dictionary<string, SpendBy>
    {
        ["account"] = SpendBy.Account,
        ["model"] = SpendBy.Model,
        ["day"] = SpendBy.Day,
        ["month"] = SpendBy.Month,
        ["run"] = SpendBy.Run,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<AccountId, bool> _asking = new();

    public async Task HandleAsync(HttpContext http)
    {
        if (!access.TryAuthenticate(http, out var account, out var refused))
        {
            await ErrorWriter.WriteAsync(http, refused!, time);
            return;
        }

        if (!CallerAccount.TryRead(http.Request.Headers, account, out var payer, out var bad) || Read(http.Request.Query, account, payer, out bad) is not { } request)
        {
            await ErrorWriter.WriteAsync(http, bad!, time);
            return;
        }

        if (!_asking.TryAdd(account, true))
        {
            await ErrorWriter.WriteAsync(
                http, new ApiError(GatewayErrors.TooManyRequests, $"another question about the spend of '{account}' is being answered; wait for it, then ask again"), time);
            return;
        }

        try
        {
            await AnswerAsync(http, request);
        }
        finally
        {
            _asking.TryRemove(account, out _);
        }
    }

    private async Task AnswerAsync(HttpContext http, SpendRequest request)
    {
        var reply = await client.GetSpendAsync(request, http.RequestAborted);
        if (reply.Status != BudgetStatus.Ok)
        {
            await ErrorWriter.WriteAsync(http, ToError(reply), time);
            return;
        }

        await http.Response.WriteAsJsonAsync(ToBody(request, reply), GatewayJson.Readable.SpendBody, cancellationToken: http.RequestAborted);
    }

    private static SpendRequest? Read(IQueryCollection query, AccountId key, AccountId payer, out ApiError? error)
    {
        error = null;
        foreach (var (name, values) in query)
        {
            if (!Parameters.Contains(name))
            {
                error = new ApiError(GatewayErrors.Unknown, $"'{name}' is no parameter here; there are {string.Join(", ", Parameters.Order(StringComparer.Ordinal))}") { Param = name };
                return null;
            }

            if (values.Count != 1 || values[0] is not { Length: > 0 and <= MaxText })
            {
                error = Bad(name, $"must be given once, with 1 to {MaxText} characters");
                return null;
            }
        }

        var account = payer;
        if (Text("account") is { Length: > 0 } named && (!BudgetPaths.IsWithin(named, key.Value) || !AccountId.TryParse(named, out account, out _)))
        {
            error = Bad("account", $"must be '{key}' or an account below it");
            return null;
        }

        var by = SpendBy.None;
        foreach (var name in (Text("by") is { Length: > 0 } list ? list : "day").Split(','))
        {
            if (!Dimensions.TryGetValue(name, out var dimension))
            {
                error = Bad("by", "takes account, model, day, month and run, joined by a comma");
                return null;
            }

            by |= dimension;
        }

        var limit = 100;
        if (Text("limit") is { Length: > 0 } number && !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
        {
            error = Bad("limit", "is no whole number");
            return null;
        }

        return new SpendRequest
        {
            Account = account,
            By = by,
            From = Text("from"),
            To = Text("to"),
            TimeZone = Text("time_zone"),
            After = Text("after"),
            Accounts = limit,
        };

        string Text(string name) => query.TryGetValue(name, out var values) ? values[0] ?? "" : "";
    }

    private static ApiError Bad(string name, string problem) => new(GatewayErrors.InvalidValue, $"'{name}' {problem}") { Param = name };

    private static ApiError ToError(SpendReply reply) => reply.Status switch
    {
        BudgetStatus.InvalidCommand => new ApiError(GatewayErrors.InvalidValue, reply.Problem),
        BudgetStatus.UnknownAccount => new ApiError(
            StatusMap.Find(CascadeStatus.UnknownAccount), "the account is not configured in the cluster, nor is a template for it; ask the operator"),
        _ => new ApiError(StatusMap.Find(CascadeStatus.BudgetUnavailable), "the account's entries are not to be had now; try again shortly"),
    };

    private static SpendBody ToBody(SpendRequest request, SpendReply reply) => new()
    {
        Account = request.Account.Value,
        TimeZone = reply.TimeZone,
        From = reply.From,
        To = reply.To,
        Rows = [.. reply.Rows.Select(row => ToLine(row, request.By))],
        Total = reply.Total is { } total ? ToLine(total, SpendBy.None) : null,
        Next = reply.Next.Length > 0 ? reply.Next : null,
    };

    private static SpendLine ToLine(SpendItem item, SpendBy by) => new()
    {
        Account = (by & (SpendBy.Account | SpendBy.Run)) != SpendBy.None ? item.Account : null,
        Period = (by & (SpendBy.Day | SpendBy.Month)) != SpendBy.None ? item.Period : null,
        Model = by.HasFlag(SpendBy.Model) ? item.Endpoint : null,
        CostUsd = UsdText.Format(item.SpentNanos),
        Requests = item.Requests,
        Calls = item.Attempts,
        InputTokens = item.InputTokens,
        OutputTokens = item.OutputTokens,
        CachedTokens = item.CachedTokens,
        ReasoningTokens = item.ReasoningTokens,
    };
}
