using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>
/// The connection of what is not on the path of every call: the ledger log, the outcomes of repeated requests, and sealed
/// streams of the usage journal while they are read.
/// </summary>
internal sealed class SharedConnection(ConnectionMultiplexer multiplexer) : IAsyncDisposable
{
    internal ConnectionMultiplexer Multiplexer => multiplexer;

    public ValueTask DisposeAsync() => multiplexer.DisposeAsync();
}
