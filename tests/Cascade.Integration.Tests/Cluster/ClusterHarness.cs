using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;

namespace Cascade.Integration.Tests.Cluster;

/// <summary>A redis-server that syncs every write, a provider, and server processes that form one cluster on them.</summary>
internal sealed class ClusterHarness : IAsyncDisposable
{
    /// <summary>An endpoint whose calls are aborted when their caller goes away.</summary>
    public const string Aborting = "stub/aborting";

    private readonly List<ServerProcess> _servers = [];
    private readonly ServerSetup _setup;

    private ClusterHarness(RedisServer redis, OpenAiStubServer stub, CallGate gate, IReadOnlyList<ServerAccount> accounts)
    {
        (Redis, Stub, Gate) = (redis, stub, gate);
        _setup = new ServerSetup
        {
            RedisConnection = redis.ConnectionString,
            Endpoints = [stub.Endpoint(), stub.Endpoint() with { Name = Aborting, DrainOnCancel = false }],
            Accounts = accounts,
        };
    }

    public RedisServer Redis { get; }

    public OpenAiStubServer Stub { get; }

    public CallGate Gate { get; }

    public static async Task<ClusterHarness> CreateAsync(CancellationToken cancellationToken, params IReadOnlyList<ServerAccount> accounts)
    {
        var gate = new CallGate();
        var redis = await RedisServer.StartAsync("always", cancellationToken);
        return new ClusterHarness(redis, await StubProvider.StartAsync(gate.Decide, TimeSpan.FromMilliseconds(20)), gate, accounts);
    }

    public async Task<ServerProcess> StartAsync(CancellationToken cancellationToken, string role = "all")
    {
        var server = await ServerProcess.StartAsync(_setup with { Role = role }, cancellationToken);
        _servers.Add(server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        FailureLog.Show(_servers);
        foreach (var server in _servers)
            await server.DisposeAsync();
        await Stub.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
