using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Storage;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;
using Cascade.Storage.Replays;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Orleans.Configuration;
using Orleans.Storage;

namespace Cascade.Benchmarks.Accounts;

/// <summary>One silo in this process, with a provider that answers at once and storage that keeps nothing.</summary>
internal static class BenchSilo
{
    internal static IHost Build(Action<CascadeOptions> configure) => new HostBuilder()
        .ConfigureLogging(static logging => logging.SetMinimumLevel(LogLevel.Error))
        .UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            silo.Services.Configure<EndpointOptions>(static endpoints =>
            {
                (endpoints.SiloPort, endpoints.GatewayPort) = (FreePort(), 0);
                endpoints.AdvertisedIPAddress = IPAddress.Loopback;
                endpoints.SiloListeningEndpoint = new IPEndPoint(IPAddress.Loopback, endpoints.SiloPort);
            });
            silo.Services.AddKeyedSingleton<IGrainStorage>(CascadeStorage.State, new ForgetfulStorage());
            silo.Services.AddSingleton<IUsageJournal>(new ForgetfulJournal());
            silo.Services.AddSingleton<ILedgerLog>(new ForgetfulLog());
            silo.Services.AddSingleton<IReplayStore>(new InMemoryReplayStore(TimeProvider.System));
            silo.AddIncomingGrainCallFilter<CountingFilter>();
            silo.AddCascade(Model(), options =>
            {
                options.LeaseIdle = TimeSpan.FromSeconds(1);
                configure(options);
            });
        })
        .Build();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static ClusterModel Model()
    {
        if (!AccountPattern.TryParse("acme/*", out var pattern, out var problem))
            throw new InvalidOperationException(problem);
        var cap = new WindowCap { Window = WindowKind.Total, Limit = new Money(1_000_000_000) };
        var each = new AccountModel { Id = pattern!.Parent, Caps = [cap], ExpectedRequests = null };
        return new ClusterModel
        {
            Endpoints = new Dictionary<string, EndpointModel> { ["m"] = BenchEndpoint.Create() }.ToFrozenDictionary(StringComparer.Ordinal),
            Routes = FrozenDictionary<string, RouteModel>.Empty,
            Accounts = new Dictionary<AccountId, AccountModel> { [pattern.Parent] = each with { Caps = [] } }.ToFrozenDictionary(),
            Templates = [new AccountTemplate(pattern, each)],
        };
    }

    internal static async Task AskAsync(ICascadeRouterGrain router, int customer)
    {
        var request = new CascadeRequest
        {
            Operation = new OperationId("bench"),
            Account = new AccountId(string.Create(CultureInfo.InvariantCulture, $"acme/c{customer}")),
            Model = "m",
            Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = "What is 6 times 7?" }],
        };
        var reply = await router.CompleteAsync(request, CancellationToken.None);
        if (reply.Status != CascadeStatus.Answered)
            throw new InvalidOperationException($"customer {customer} was told {reply.Status}");
    }
}

/// <summary>Counts the calls that reach a budget or an endpoint: those that a request may have to wait for.</summary>
internal sealed class CountingFilter : IIncomingGrainCallFilter
{
    private static long _calls;

    internal static long Calls => Interlocked.Read(ref _calls);

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.Grain is ITenantBudgetGrain or IModelEndpointGrain)
            Interlocked.Increment(ref _calls);
        return context.Invoke();
    }
}
