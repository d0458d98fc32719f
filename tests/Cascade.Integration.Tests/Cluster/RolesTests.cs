using System.Net;
using Cascade.Client;
using Cascade.Contracts;
using Cascade.Integration.Tests.Gateway;
using Cascade.Storage;
using Cascade.TestKit.Waiting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Cascade.Integration.Tests.Cluster;

/// <summary>The ways into a silo from other processes: a gateway over HTTP, and Orleans clients.</summary>
public sealed class RolesTests(RolesFixture fixture) : IClassFixture<RolesFixture>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gateway_InAProcessOfItsOwn_ServesWhatTheSiloKnows()
    {
        var answer = await fixture.Gateway.AskAsync(fixture.Rich, Token);
        var refused = await fixture.Gateway.AskAsync(fixture.Poor, Token);
        var budget = await fixture.Gateway.BudgetAsync(fixture.Rich, Token);

        Assert.Equal(StubProvider.Content, answer.Content);
        Assert.Equal(HttpStatusCode.PaymentRequired, refused.Status);
        Assert.Equal("insufficient_quota", refused.Code);
        Assert.True(budget.SettledNanos >= StubProvider.CostNanos);
    }

    [Fact]
    public async Task Silo_WithoutAGateway_HasHealthAndNoApi()
    {
        var answer = await fixture.Silo.AskAsync(fixture.Rich, Token);

        Assert.True(await fixture.Silo.IsReadyAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("not_found", answer.Code);
    }

    [Fact]
    public async Task Gateway_CallerGoesAway_TheCallIsAwaitedAndItsRealCostBooked()
    {
        var before = await fixture.Gateway.BudgetAsync(fixture.Rich, Token);
        await AskAndGoAwayAsync(ServerRequests.Model);
        Assert.Equal(1, fixture.Cluster.Stub.InFlight);

        fixture.Cluster.Gate.Release();

        await Eventually.HoldsAsync(
            async () => (await fixture.Gateway.BudgetAsync(fixture.Rich, Token)).SettledNanos == before.SettledNanos + StubProvider.CostNanos,
            Patience,
            Token);
    }

    [Fact]
    public async Task Gateway_CallerOfAnAbortingEndpointGoesAway_TheProviderSeesItAndTheCostIsUnconfirmed()
    {
        var before = await fixture.Gateway.BudgetAsync(fixture.Rich, Token);

        await AskAndGoAwayAsync(ClusterHarness.Aborting);

        await Eventually.HoldsAsync(() => fixture.Cluster.Stub.InFlight == 0, Patience, Token);
        await Eventually.HoldsAsync(
            async () => (await fixture.Gateway.BudgetAsync(fixture.Rich, Token)).UnconfirmedUpperNanos > before.UnconfirmedUpperNanos, Patience, Token);
    }

    [Fact]
    public async Task CascadeClient_FromAnotherHost_AnswersAndReadsTheBooks()
    {
        using var host = await StartClientAsync();
        var client = host.Services.GetRequiredService<ICascadeClient>();
        var request = new CascadeRequest
        {
            Operation = new OperationId("op-integration-1"),
            Account = new AccountId(fixture.Rich.Name),
            Model = ServerRequests.Model,
            Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = "What is 2 + 2?" }],
        };

        var reply = await client.CompleteAsync(request, Token);
        var budget = await client.GetBudgetAsync(request.Account, collect: true, Token);

        Assert.Equal(CascadeStatus.Answered, reply.Status);
        Assert.Equal(StubProvider.Content, reply.Text);
        Assert.Equal(StubProvider.CostNanos, reply.CostNanos);
        Assert.True(budget.SettledNanos >= StubProvider.CostNanos);
        Assert.Contains(await client.ListModelsAsync(Token), item => item.Name == ServerRequests.Model);
    }

    [Fact]
    public async Task CascadeChatClient_AnswersAndItsBudgetRefusalIsTyped()
    {
        using var host = await StartClientAsync();
        using var rich = Chat(host, fixture.Rich.Name);
        using var poor = Chat(host, fixture.Poor.Name);

        var response = await rich.GetResponseAsync("What is 2 + 2?", cancellationToken: Token);
        var refused = await Assert.ThrowsAsync<BudgetExceededException>(() => poor.GetResponseAsync("What is 2 + 2?", cancellationToken: Token));

        Assert.Equal(StubProvider.Content, response.Text);
        Assert.Equal(StubProvider.OutputTokens, response.Usage!.OutputTokenCount);
        Assert.Equal(StubProvider.CostNanos, response.AdditionalProperties![CascadeProperties.CostNanos]);
        Assert.Equal(CascadeStatus.InsufficientQuota, refused.Status);
        Assert.Equal(fixture.Poor.CapNanos, refused.RemainingNanos);
        Assert.True(refused.NeededNanos > refused.RemainingNanos);
        Assert.NotNull(refused.ResetsAt);
    }

    [Fact]
    public async Task CascadeChatClient_Cancelled_TheProviderSeesIt()
    {
        using var host = await StartClientAsync();
        using var chat = Chat(host, fixture.Rich.Name);
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = fixture.Cluster.Gate.HoldAsync(1);
        var asking = chat.GetResponseAsync("What is 2 + 2?", new ChatOptions { ModelId = ClusterHarness.Aborting }, caller.Token);
        await held.WaitAsync(Patience, Token);
        Assert.Equal(1, fixture.Cluster.Stub.InFlight);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.HoldsAsync(() => fixture.Cluster.Stub.InFlight == 0, Patience, Token);
    }

    public void Dispose() => FailureLog.Show(fixture.Silo, fixture.Gateway);

    private async Task AskAndGoAwayAsync(string model)
    {
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = fixture.Cluster.Gate.HoldAsync(1);
        var asking = fixture.Gateway.AskAsync(fixture.Rich, caller.Token, model: model);
        await held.WaitAsync(Patience, Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private static CascadeChatClient Chat(IHost host, string account) => new(
        host.Services.GetRequiredService<ICascadeClient>(),
        new CascadeChatClientOptions { Account = new AccountId(account), DefaultModel = ServerRequests.Model },
        TimeProvider.System);

    private async Task<IHost> StartClientAsync()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var storage = new StorageConfig { Mode = StorageMode.Redis, RedisConnection = fixture.Cluster.Redis.ConnectionString };
        builder.Services.AddCascadeClient(client => client.AddCascadeClustering(storage));
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }
}
