using Cascade.Contracts;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Routing;

/// <summary>Hands an answer that nothing will judge to the reader as it is made. Its first word commits it.</summary>
internal sealed class LiveSink(UpdateStream updates, EndpointId endpoint) : IModelStreamSink
{
    public bool Accept(string text)
    {
        updates.Commit(endpoint);
        updates.Add(text);
        return true;
    }
}
