using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

[Collection(ServerCollection.Name)]
public sealed partial class TelemetryTests(ServerFixture fixture)
{
    private const string Prompt = "What is the secret of the marmot, plus two?";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_HaveEveryFamilyAndNothingOfATenant()
    {
        Assert.True((await fixture.Server.AskAsync(fixture.Rich, Token, Prompt)).IsServed);
        Assert.Equal("insufficient_quota", (await fixture.Server.AskAsync(fixture.Poor, Token, Prompt)).Code);

        var scrape = await fixture.Server.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Token);

        var families = Family().Matches(scrape).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        foreach (var wanted in (string[])["cascade_requests", "cascade_attempts", "cascade_budget_settled", "cascade_gateway_requests", "gen_ai_", "orleans_", "dotnet_", "http_server_"])
            Assert.True(families.Any(family => family.StartsWith(wanted, StringComparison.Ordinal)), $"no {wanted} in {string.Join(' ', families)}");
        CheckNothingPrivate(scrape, withTenants: true);
        CheckNothingPrivate(fixture.Server.Transcript(), withTenants: false);
    }

    [Fact]
    public async Task Otlp_OneTraceHoldsTheSpansOfEveryLayer()
    {
        var answer = await fixture.Server.AskAsync(fixture.Rich, Token, Prompt);
        var trace = Assert.Single(answer.Headers.GetValues("x-cascade-trace-id"));

        await Eventually.HoldsAsync(() => SourcesOf(trace).Any(s => s == "Microsoft.AspNetCore"), Patience, Token);
        await Eventually.HoldsAsync(() => SourcesOf(trace).Count(s => s == "Cascade") >= 2, Patience, Token);

        var sources = SourcesOf(trace);
        Assert.Contains("Experimental.Microsoft.Extensions.AI", sources);
        Assert.Contains(sources, source => source.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal));
        Assert.Contains("System.Net.Http", sources);
        Assert.Contains(fixture.Otlp.Spans, span => span.TraceId == trace && span.Name == "cascade.attempt");
        foreach (var message in fixture.Otlp.Messages)
            CheckNothingPrivate(Encoding.UTF8.GetString(message), withTenants: false);
    }

    [Fact]
    public async Task Otlp_StreamedRequest_HasNoSpanForEachPart()
    {
        fixture.Stub.Enqueue(new StubFault.TrickleBytes(static token => Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token)));
        var answer = await fixture.Server.PostAsync(
            fixture.Rich.Key, JsonContent.Create(new { model = ServerRequests.Model, stream = true, messages = new[] { new { role = "user", content = Prompt } } }), Token);
        var trace = Assert.Single(answer.Headers.GetValues("x-cascade-trace-id"));

        await Eventually.HoldsAsync(() => SourcesOf(trace).Any(s => s == "Microsoft.AspNetCore"), Patience, Token);

        Assert.Contains("[DONE]", answer.Text, StringComparison.Ordinal);
        var spans = fixture.Otlp.Spans.Where(span => span.TraceId == trace).ToList();
        Assert.Contains(spans, span => span.Name == "cascade.attempt");
        Assert.DoesNotContain(spans, span => span.Name.Contains("MoveNext", StringComparison.Ordinal));
    }

    private void CheckNothingPrivate(string text, bool withTenants)
    {
        Assert.DoesNotContain("marmot", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(StubProvider.Content, text, StringComparison.Ordinal);
        Assert.DoesNotContain(fixture.Rich.Key, text, StringComparison.Ordinal);
        if (withTenants)
            Assert.DoesNotContain("tenant-", text, StringComparison.Ordinal);
    }

    private List<string> SourcesOf(string trace) => [.. fixture.Otlp.Spans.Where(span => span.TraceId == trace).Select(span => span.Source)];

    [GeneratedRegex(@"^# TYPE (\S+)", RegexOptions.Multiline)]
    private static partial Regex Family();
}
