using Cascade.Storage;
using Cascade.TestKit.Processes;
using StackExchange.Redis;
using Xunit;

namespace Cascade.Integration.Tests.Storage;

public sealed class StorageProbeTests
{
    [Theory]
    [InlineData("noeviction", false)]
    [InlineData("volatile-lru", true)]
    [InlineData("allkeys-lru", true)]
    [InlineData("allkeys-random", true)]
    public async Task FindProblem_ServerThatMayForget_IsRefusedWithTheRepair(string policy, bool refused)
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"{redis.ConnectionString},allowAdmin=true");
        await admin.GetServers()[0].ConfigSetAsync("maxmemory-policy", policy);

        var problem = await StorageProbe.FindProblemAsync(new StorageConfig { Mode = StorageMode.Redis, RedisConnection = redis.ConnectionString });

        Assert.Equal(refused, problem.Contains("set maxmemory-policy to noeviction", StringComparison.Ordinal));
        Assert.Equal(refused, problem.Length > 0);
    }

    [Fact]
    public async Task FindProblem_TheFirstServerNamedIsAway_AsksTheOthers()
    {
        await using var redis = await RedisServer.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var config = new StorageConfig { Mode = StorageMode.Redis, RedisConnection = $"127.0.0.1:{FreePort.Next()},{redis.ConnectionString}" };

        Assert.Equal("", await StorageProbe.FindProblemAsync(config));
    }
}
