using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cascade.TestKit.Processes;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>Speaks plain HTTP with a server process.</summary>
internal static class ServerRequests
{
    public const string Model = "stub/model";

    /// <summary>Asks a question.</summary>
    public static Task<Answer> AskAsync(
        this ServerProcess server, ServerAccount account, CancellationToken cancellationToken, string prompt = Workload.Prompt, string model = Model) =>
        server.PostAsync(account.Key, JsonContent.Create(new { model, messages = new[] { new { role = "user", content = prompt } } }), cancellationToken);

    /// <summary>Sends a body to the chat completions.</summary>
    public static async Task<Answer> PostAsync(
        this ServerProcess server, string key, HttpContent body, CancellationToken cancellationToken, bool expectContinue = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Headers.ExpectContinue = expectContinue;
        using var response = await server.Http.SendAsync(request, cancellationToken);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), response.Headers);
    }

    /// <summary>Asks, and gives null when the server went away before it answered.</summary>
    public static async Task<Answer?> TryAskAsync(
        this ServerProcess server, ServerAccount account, string prompt, CancellationToken cancellationToken)
    {
        try
        {
            return await server.AskAsync(account, cancellationToken, prompt);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Reads the books of an account, by default after every silo was asked for its latest.</summary>
    public static async Task<BudgetView> BudgetAsync(this ServerProcess server, ServerAccount account, CancellationToken cancellationToken, bool collect = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, collect ? "/v1/budget?collect=true" : "/v1/budget");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Key);
        using var response = await server.Http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.StatusCode == HttpStatusCode.OK
            ? new BudgetView(JsonDocument.Parse(text).RootElement)
            : throw new HttpRequestException($"GET /v1/budget answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
    }
}
