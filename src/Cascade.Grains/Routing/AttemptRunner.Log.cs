using Cascade.Contracts;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Routing;

internal sealed partial class AttemptRunner
{
    [LoggerMessage(EventId = 310, Level = LogLevel.Debug, Message = "Attempt {AttemptId} of account {Account} on {Endpoint} ({Purpose}) ended: {Outcome}, {Booking}, {CostNanos} nano-dollars")]
    private partial void LogAttemptEnded(
        string attemptId, AccountId account, EndpointId endpoint, AttemptPurpose purpose, AttemptOutcome outcome, Booking booking, long costNanos);

    [LoggerMessage(EventId = 311, Level = LogLevel.Warning, Message = "Attempt {AttemptId} of account {Account} was not made: its intent could not be written to the journal")]
    private partial void LogJournalUnavailable(string attemptId, AccountId account, Exception exception);
}
