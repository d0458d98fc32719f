using Cascade.Storage;
using Cascade.TestKit.Processes;

using Microsoft.Extensions.Logging.Abstractions;

using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>An embedded server for a class of tests.</summary>
public sealed class EmbeddedRedisFixture : IRedisFixture
{
    private readonly TempDirectory _directory = new();
    private EmbeddedRedis? _server;

    public string ConnectionString => _server!.ConnectionString;

    public async ValueTask InitializeAsync() =>
        _server = await EmbeddedRedis.StartAsync(
            new StorageConfig { DataDirectory = _directory.Path }, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _directory.Dispose();
    }
}
