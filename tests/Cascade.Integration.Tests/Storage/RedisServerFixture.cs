using Cascade.TestKit.Processes;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>A redis-server process for a class of tests.</summary>
public sealed class RedisServerFixture : IRedisFixture
{
    private RedisServer? _server;

    public string ConnectionString => _server!.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _server = await RedisServer.StartAsync("everysec", TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
