using Cascade.Contracts;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

internal static partial class PurseLog
{
    [LoggerMessage(EventId = 210, Level = LogLevel.Warning, Message = "Budget of account {Account} could not be asked; the requests that wait are kept")]
    public static partial void PumpFailed(ILogger logger, BudgetKey account, Exception exception);

    [LoggerMessage(EventId = 211, Level = LogLevel.Information, Message = "Budget of account {Account} did not answer (try {Tries}); the same operation is sent again")]
    public static partial void CallRepeated(ILogger logger, BudgetKey account, int tries, Exception exception);

    [LoggerMessage(EventId = 212, Level = LogLevel.Warning, Message = "Spend of account {Account} under lease {LeaseId} could not be reported; it is tried again")]
    public static partial void ReportFailed(ILogger logger, BudgetKey account, string leaseId, Exception exception);

    [LoggerMessage(EventId = 213, Level = LogLevel.Warning, Message = "Lease {LeaseId} of account {Account} was reclaimed while this silo held it")]
    public static partial void LeaseLost(ILogger logger, BudgetKey account, string leaseId);

    [LoggerMessage(EventId = 214, Level = LogLevel.Information, Message = "Attempt {AttemptId} of account {Account} ended after its lease was reclaimed; telling the budget what it cost gave {Status}")]
    public static partial void LateEnd(ILogger logger, BudgetKey account, string attemptId, BudgetStatus status);

    [LoggerMessage(EventId = 215, Level = LogLevel.Warning, Message = "The end of attempt {AttemptId} of account {Account} is not durable yet (try {Tries}); its money stays held")]
    public static partial void WriteRetried(ILogger logger, BudgetKey account, string attemptId, int tries, Exception exception);

    [LoggerMessage(EventId = 217, Level = LogLevel.Information, Message = "Lease {LeaseId} of account {Account} was closed without this silo; telling the budget that calls of {LostNanos} nano-dollars are missing in its journal gave {Status}")]
    public static partial void LostTold(ILogger logger, BudgetKey account, string leaseId, long lostNanos, BudgetStatus status);

    [LoggerMessage(EventId = 216, Level = LogLevel.Warning, Message = "Provider billed {ExcessNanos} nano-dollars above the bound of attempt {AttemptId} on {Endpoint}, account {Account}")]
    public static partial void Overran(ILogger logger, AccountId account, string attemptId, EndpointId endpoint, long excessNanos);
}
