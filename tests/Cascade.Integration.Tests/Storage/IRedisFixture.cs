using Xunit;

namespace Cascade.Integration.Tests.Storage;

/// <summary>A server that speaks the Redis protocol.</summary>
public interface IRedisFixture : IAsyncLifetime
{
    string ConnectionString { get; }
}
