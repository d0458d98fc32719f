using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Configuration;
using Cascade.Server.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class WebhookAlertSinkTests
{
    // A variable that every machine has, so that no test changes the environment of the others.
    private const string Secret = "PATH";

    private static readonly BudgetAlert Alert = new(
        "acme/search#gpt/7",
        new BudgetKey(new AccountId("acme/search"), "gpt"),
        new CapKey(WindowKind.Rolling, TimeSpan.FromMinutes(10), "UTC", CapMode.Soft),
        80,
        1_500_000_000,
        2_000_000_000,
        new DateTimeOffset(2026, 3, 6, 12, 0, 0, TimeSpan.Zero));

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000));

    [Fact]
    public async Task Deliver_Alert_PostsItsFiguresAndNoMore()
    {
        var receiver = new Receiver();

        await Sink(receiver).DeliverAsync(Alert, TestContext.Current.CancellationToken);

        var body = JsonDocument.Parse(receiver.Body).RootElement;
        Assert.Equal(
            """{"id":"acme/search#gpt/7","type":"budget.threshold","account":"acme/search","endpoint":"gpt","window":"rolling","span_seconds":600,"mode":"soft","percent":80,"spent_usd":"1.500000000","cap_usd":"2.000000000","at":"2026-03-06T12:00:00+00:00"}""",
            JsonSerializer.Serialize(body, JsonSerializerOptions.Web).Replace("\\u002B", "+", StringComparison.Ordinal));
        Assert.Equal("acme/search#gpt/7", receiver.Headers["x-cascade-alert-id"]);
        Assert.DoesNotContain("x-cascade-signature", receiver.Headers.Keys);
    }

    [Fact]
    public async Task Deliver_WithASecret_SignsTheTimeAndTheBody()
    {
        var receiver = new Receiver();

        await Sink(receiver, Secret).DeliverAsync(Alert, TestContext.Current.CancellationToken);

        var key = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(Secret)!);
        var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("1800000000." + receiver.Body));
        Assert.Equal("1800000000", receiver.Headers["x-cascade-timestamp"]);
        Assert.Equal($"v1={Convert.ToHexStringLower(expected)}", receiver.Headers["x-cascade-signature"]);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.InternalServerError)]
    public async Task Deliver_AnswerIsNoSuccess_Throws(HttpStatusCode answer)
    {
        var sink = Sink(new Receiver { Answer = answer });

        await Assert.ThrowsAsync<HttpRequestException>(() => sink.DeliverAsync(Alert, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Deliver_ReceiverPointsElsewhere_GoesNowhereElseAndThrows()
    {
        var asked = new List<string>();
        await using var receiver = WebApplication.CreateSlimBuilder().Build();
        receiver.Urls.Add("http://127.0.0.1:0");
        receiver.Run(http =>
        {
            asked.Add($"{http.Request.Method} {http.Request.Path}");
            http.Response.Redirect("/login");
            return Task.CompletedTask;
        });
        await receiver.StartAsync(TestContext.Current.CancellationToken);
        await using var services = Services(new AlertsConfig { WebhookUrl = receiver.Urls.Single() + "/cascade" });

        await Assert.ThrowsAsync<HttpRequestException>(
            () => services.GetRequiredService<IBudgetAlertSink>().DeliverAsync(Alert, TestContext.Current.CancellationToken));

        Assert.Equal(["POST /cascade"], asked);
    }

    private IBudgetAlertSink Sink(Receiver receiver, string secret = "") =>
        Services(new AlertsConfig { WebhookUrl = "https://hooks.example.com/cascade", SecretEnvironment = secret }, receiver).GetRequiredService<IBudgetAlertSink>();

    private ServiceProvider Services(AlertsConfig config, Receiver? receiver = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time);
        WebhookAlertSink.AddTo(services, config);
        if (receiver is not null)
        {
            services.AddHttpClient(WebhookAlertSink.ClientName).ConfigurePrimaryHttpMessageHandler(() => receiver);
        }

        return services.BuildServiceProvider();
    }

    private sealed class Receiver : HttpMessageHandler
    {
        public HttpStatusCode Answer { get; init; } = HttpStatusCode.NoContent;

        public string Body { get; private set; } = "";

        public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            foreach (var (name, values) in request.Headers)
            {
                Headers[name] = string.Join(',', values);
            }

            return new HttpResponseMessage(Answer);
        }
    }
}
