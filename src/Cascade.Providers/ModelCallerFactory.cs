using Cascade.Providers.Calling;
using Microsoft.Extensions.Logging;

namespace Cascade.Providers;

internal sealed class ModelCallerFactory(TimeProvider time, ILoggerFactory loggers) : IModelCallerFactory
{
    public IModelCaller Create(string endpointName, EndpointConfig config)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(endpointName);
        var problems = EndpointConfigValidator.Check(endpointName, config).ToArray();
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(config));
        _ = time;
        _ = loggers;
        throw new NotSupportedException();
    }
}
