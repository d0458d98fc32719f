using Cascade.Contracts;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Endpoints;

internal sealed partial class EndpointAgent
{
    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Capacity of endpoint {Endpoint} could not be renewed; it is tried again")]
    private partial void LogRenewalFailed(EndpointId endpoint, Exception exception);
}
