using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cascade.Grains.Budgets;
using Cascade.Grains.Configuration;

namespace Cascade.Server.Alerts;

/// <summary>
/// Posts alerts as JSON. Any answer of success counts as received; everything else is told again by who asked. The format and the signature are
/// in docs/money.md.
/// </summary>
internal sealed class WebhookAlertSink(IHttpClientFactory clients, AlertsConfig config, TimeProvider time) : IBudgetAlertSink
{
    public const string ClientName = "alerts";
    public const string IdHeader = "x-cascade-alert-id";
    public const string TimestampHeader = "x-cascade-timestamp";
    public const string SignatureHeader = "x-cascade-signature";

    /// <summary>Adds the sink and its client, which follows no redirect: a redirected POST comes again as a GET without its body, or goes to a stranger.</summary>
    public static void AddTo(IServiceCollection services, AlertsConfig config)
    {
        services.AddHttpClient(ClientName).ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler { AllowAutoRedirect = false });
        services.AddSingleton(config);
        services.AddSingleton<IBudgetAlertSink, WebhookAlertSink>();
    }

    public async Task DeliverAsync(BudgetAlert alert, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(AlertBody.Of(alert), AlertJson.Default.AlertBody);
        using var request = new HttpRequestMessage(HttpMethod.Post, config.WebhookUrl) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        request.Headers.Add(IdHeader, alert.Id);
        if (config.SecretEnvironment.Length > 0)
        {
            Sign(request, body, Environment.GetEnvironmentVariable(config.SecretEnvironment) ?? "");
        }

        using var http = clients.CreateClient(ClientName);
        http.Timeout = config.Timeout;
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private void Sign(HttpRequestMessage request, byte[] body, string secret)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{timestamp}."), .. body];
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
        request.Headers.Add(TimestampHeader, timestamp);
        request.Headers.Add(SignatureHeader, $"v1={Convert.ToHexStringLower(signature)}");
    }
}
