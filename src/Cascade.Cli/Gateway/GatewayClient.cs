using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Cascade.Cli.Gateway;

/// <summary>The public HTTP API under one key. Thread-safe.</summary>
internal sealed class GatewayClient : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(10);

    private readonly HttpClient _http;

    public GatewayClient(Uri address, string key)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = MaxWait };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task<BudgetView> BudgetAsync(bool collect, bool history, CancellationToken cancellationToken) =>
        await GetAsync<BudgetView>((collect, history) switch
        {
            (false, false) => "v1/budget",
            (true, false) => "v1/budget?collect=true",
            (false, true) => "v1/budget?history=true",
            (true, true) => "v1/budget?collect=true&history=true",
        }, cancellationToken);

    public async Task<IReadOnlyList<ModelView>> ModelsAsync(CancellationToken cancellationToken)
    {
        var list = await GetAsync<JsonElement>("v1/models", cancellationToken);
        return list.GetProperty("data").Deserialize<List<ModelView>>(CliJson.Options) ?? [];
    }

    public async Task<IReadOnlyList<EndpointView>> EndpointsAsync(CancellationToken cancellationToken)
    {
        var list = await GetAsync<JsonElement>("v1/endpoints", cancellationToken);
        return list.GetProperty("data").Deserialize<List<EndpointView>>(CliJson.Options) ?? [];
    }

    /// <summary>Asks one question. Refusals are values; only a server that cannot be reached throws.</summary>
    public async Task<ChatOutcome> AskAsync(string model, string question, CancellationToken cancellationToken)
    {
        var body = new { model, messages = new[] { new { role = "user", content = question } } };
        using var response = await SendAsync(() => _http.PostAsJsonAsync("v1/chat/completions", body, cancellationToken), cancellationToken);
        var answer = await ReadAsync<JsonElement>(response, cancellationToken);
        var outcome = new ChatOutcome
        {
            Status = (int)response.StatusCode,
            CostNanos = Usd.TryParse(Header(response, "x-cascade-cost-usd"), out var cost) ? cost : 0,
        };
        if (response.StatusCode != HttpStatusCode.OK)
        {
            var (code, problem) = Error(answer);
            return outcome with { Code = code, Problem = problem };
        }

        var usage = answer.GetProperty("usage");
        return outcome with
        {
            Text = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString() ?? "",
            Model = Header(response, "x-cascade-model") ?? "",
            Attempts = int.TryParse(Header(response, "x-cascade-attempts"), CultureInfo.InvariantCulture, out var attempts) ? attempts : 1,
            InputTokens = usage.GetProperty("prompt_tokens").GetInt64(),
            OutputTokens = usage.GetProperty("completion_tokens").GetInt64(),
        };
    }

    /// <summary>Changes a cap for a time; the key must be an operator's.</summary>
    public Task<OverrideView> OverrideAsync(OverrideWish wish, CancellationToken cancellationToken) =>
        CallAsync<OverrideView>(() => _http.PostAsJsonAsync("v1/admin/overrides", wish, CliJson.Options, cancellationToken), cancellationToken);

    public void Dispose() => _http.Dispose();

    private Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        CallAsync<T>(() => _http.GetAsync(path, cancellationToken), cancellationToken);

    private async Task<T> CallAsync<T>(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(send, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return await ReadAsync<T>(response, cancellationToken);
        }

        var (code, problem) = Error(await ReadAsync<JsonElement>(response, cancellationToken));
        var refused = response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        if (response.StatusCode == HttpStatusCode.BadRequest || code == "account_unknown")
        {
            throw new CliException(ExitCodes.BadUsage, problem);
        }

        throw new CliException(
            refused ? ExitCodes.NoPermission : ExitCodes.Unavailable,
            refused ? $"--key: the server refused it ({code}): {problem}" : $"the server answered {(int)response.StatusCode} ({code}): {problem}");
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send, CancellationToken cancellationToken)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException unreachable)
        {
            throw new CliException(
                ExitCodes.Unavailable,
                $"--url: nothing answers at {_http.BaseAddress} ({unreachable.Message}); start a server, or give the address of one that runs",
                unreachable);
        }
        catch (TaskCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(ExitCodes.Unavailable, $"--url: {_http.BaseAddress} did not answer within {MaxWait.TotalMinutes} minutes", late);
        }
    }

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(CliJson.Options, cancellationToken) ?? throw new JsonException("the body is null");
        }
        catch (JsonException foreign)
        {
            throw new CliException(
                ExitCodes.Unavailable,
                $"--url: what answers at {_http.BaseAddress} is no Cascade gateway (HTTP {(int)response.StatusCode}, no JSON of ours); correct the address",
                foreign);
        }
    }

    private static (string Code, string Problem) Error(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error)
            ? (error.GetProperty("code").GetString() ?? "", error.GetProperty("message").GetString() ?? "")
            : ("unknown", "the error has no description");

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
