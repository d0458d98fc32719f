namespace Cascade.Providers.Calling;

/// <summary>Takes an answer while it is made.</summary>
public interface IModelStreamSink
{
    /// <summary>
    /// Takes the next part. Called by one thread at a time. Must neither wait nor throw: the call holds capacity and money meanwhile, so a
    /// reader that is slow is dealt with by whoever buffers for it.
    /// </summary>
    /// <param name="text">The text, as the provider cut it; not empty.</param>
    /// <returns>Whether to go on; false ends the call, because its answer is already known to be of no use.</returns>
    bool Accept(string text);
}
