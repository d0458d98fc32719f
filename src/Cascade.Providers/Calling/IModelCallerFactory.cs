namespace Cascade.Providers.Calling;

/// <summary>Makes the caller of an endpoint from its configuration.</summary>
public interface IModelCallerFactory
{
    /// <summary>Makes a caller. Loads nothing and connects to nothing yet.</summary>
    /// <param name="endpointName">The endpoint's name, for logs.</param>
    /// <param name="config">Its configuration, without problems by <see cref="EndpointConfigValidator"/>. Not kept: later changes have no effect.</param>
    /// <returns>A thread-safe caller.</returns>
    /// <exception cref="ArgumentException">The configuration has problems; the message lists them all.</exception>
    IModelCaller Create(string endpointName, EndpointConfig config);
}
