using System.Collections.Frozen;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cascade.Client;
using Cascade.Contracts;
using Cascade.Grains.Configuration;
using Cascade.Server.Gateway;
using Cascade.Server.Gateway.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>The real gateway on a real port, in front of a fake cluster.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    public const string Key = "csk-of-acme";
    public const string Account = "acme/search";
    public const string Chat = "/v1/chat/completions";

    public static readonly DateTimeOffset Start = new(2031, 5, 5, 22, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private Task? _stopped;

    private GatewayFixture(WebApplication app, FakeCascadeClient cluster, FakeTimeProvider time)
    {
        _app = app;
        Cluster = cluster;
        Time = time;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Http = new HttpClient { BaseAddress = Address };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public FakeCascadeClient Cluster { get; }

    public FakeTimeProvider Time { get; }

    public Uri Address { get; }

    public HttpClient Http { get; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<GatewayFixture> StartAsync(
        Action<HttpConfig>? limits = null,
        ILoggerProvider? logs = null,
        params IReadinessCheck[] checks)
    {
        var config = new HttpConfig { Urls = ["http://127.0.0.1:0"] };
        limits?.Invoke(config);
        var cluster = new FakeCascadeClient();
        var time = new FakeTimeProvider(Start);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Logging.AddProvider(logs);
        }

        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton<ICascadeClient>(cluster);
        foreach (var check in checks)
        {
            builder.Services.AddSingleton(check);
        }

        builder.AddCascadeGateway(config, new Dictionary<string, AccountId> { [ApiKeys.Hash(Key)] = new(Account) }.ToFrozenDictionary());
        var app = builder.Build().MapCascadeGateway();
        await app.StartAsync(Cancelled);
        return new GatewayFixture(app, cluster, time);
    }

    public Task<HttpResponseMessage> AskAsync(string body) =>
        Http.PostAsync(Chat, new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);

    public Task<HttpResponseMessage> AskAsync() => AskAsync("""{"model":"math","messages":[{"role":"user","content":"6*7?"}]}""");

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled));
        return document.RootElement.Clone();
    }

    public static async Task<JsonElement> ReadErrorAsync(HttpResponseMessage response)
    {
        var error = (await ReadAsync(response)).GetProperty("error");
        Assert.Equal(JsonValueKind.String, error.GetProperty("message").ValueKind);
        Assert.Equal(JsonValueKind.String, error.GetProperty("type").ValueKind);
        Assert.Equal(JsonValueKind.String, error.GetProperty("code").ValueKind);
        Assert.True(error.TryGetProperty("param", out _), "OpenAI's clients expect 'param' to be there");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.Contains("x-request-id"));
        return error;
    }

    public Task StopAsync() => _stopped ??= _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        await _app.DisposeAsync();
    }
}
