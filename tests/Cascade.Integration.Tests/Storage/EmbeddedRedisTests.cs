using System.Net;
using System.Net.NetworkInformation;

using Cascade.Storage;
using Cascade.TestKit.Processes;

using Microsoft.Extensions.Logging.Abstractions;

using StackExchange.Redis;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

public sealed class EmbeddedRedisTests : IDisposable
{
    // What the compare-and-set of grain state does, reduced to its core.
    private const string IncrementIfSame =
        """
        local current = redis.call('GET', KEYS[1])
        if current ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[2])
        return 1
        """;

    private readonly TempDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Start_DirectoryHeldByAnotherProcess_NamesBoth()
    {
        await using var holder = ChildProcess.StartDotnet(
            Path.Combine(AppContext.BaseDirectory, "Cascade.TestKit.Worker.dll"), ["hold", _directory.Path]);
        await holder.WaitForLineAsync(line => line == "ready", Token);

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(StartAsync);

        Assert.Contains($"DataDirectory '{_directory.Path}'", fault.Message, StringComparison.Ordinal);
        Assert.Contains($"process {holder.Id}", fault.Message, StringComparison.Ordinal);
        await holder.KillAsync(Token);
        await using var server = await StartAsync();
    }

    [Fact]
    public async Task Start_AfterAStop_HasWhatWasWritten()
    {
        await using (var server = await StartAsync())
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString))
            await connection.GetDatabase().StringSetAsync("greeting", "hello");

        await using var again = await StartAsync();
        await using var reconnected = await ConnectionMultiplexer.ConnectAsync(again.ConnectionString);
        Assert.Equal("hello", await reconnected.GetDatabase().StringGetAsync("greeting"));
    }

    [Fact]
    public async Task Start_Always_ListensOnLoopbackOnly()
    {
        await using var server = await StartAsync();
        var port = int.Parse(server.ConnectionString.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);

        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == port).ToArray();

        Assert.All(listeners, listener => Assert.Equal(IPAddress.Loopback, listener.Address));
        Assert.Single(listeners);
    }

    [Fact]
    public async Task Script_CompareAndSetByManyAtOnce_LetsExactlyOneWin()
    {
        await using var server = await StartAsync();
        var connections = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => ConnectionMultiplexer.ConnectAsync(server.ConnectionString)));
        await connections[0].GetDatabase().StringSetAsync("etag", "0");

        for (var round = 0; round < 300; round++)
        {
            var tries = connections.Select(c => Task.Run(
                async () => (int)await c.GetDatabase().ScriptEvaluateAsync(IncrementIfSame, ["etag"], [round, round + 1]), Token));
            Assert.Equal(1, (await Task.WhenAll(tries)).Sum());
        }

        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private Task<EmbeddedRedis> StartAsync() =>
        EmbeddedRedis.StartAsync(new StorageConfig { DataDirectory = _directory.Path }, NullLoggerFactory.Instance, Token);
}
