using Cascade.Contracts;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

internal sealed partial class BudgetDesk
{
    [LoggerMessage(EventId = 200, Level = LogLevel.Critical, Message = "The ledger of account {Account} contradicts itself: {Violations}")]
    private partial void LogInvariantBroken(BudgetKey account, string violations);

    [LoggerMessage(EventId = 201, Level = LogLevel.Error, Message = "Account {Account} was sent an invalid {Command}: {Problem}")]
    private partial void LogInvalidCommand(BudgetKey account, string command, string problem);

    [LoggerMessage(EventId = 202, Level = LogLevel.Critical, Message = "The journal of lease {LeaseId} of account {Account} has {JournalNanos} nano-dollars, less than the {BookedNanos} that were booked; the higher figure is kept")]
    private partial void LogJournalShort(BudgetKey account, string leaseId, long journalNanos, long bookedNanos);

    [LoggerMessage(EventId = 203, Level = LogLevel.Information, Message = "Lease {LeaseId} of account {Account} held by {Holder} is closed: {SettledNanos} nano-dollars settled, {Unconfirmed} attempts unconfirmed")]
    private partial void LogLeaseClosed(BudgetKey account, string leaseId, string holder, long settledNanos, int unconfirmed);

    [LoggerMessage(EventId = 204, Level = LogLevel.Warning, Message = "Lease {LeaseId} of account {Account} held by {Holder} could not be asked for or reclaimed; it is tried again")]
    private partial void LogGatherFailed(BudgetKey account, string leaseId, string holder, Exception exception);

    [LoggerMessage(EventId = 205, Level = LogLevel.Warning, Message = "The booked journal of lease {LeaseId} of account {Account} could not be archived and stays in storage")]
    private partial void LogArchiveFailed(BudgetKey account, string leaseId, Exception exception);

    [LoggerMessage(EventId = 206, Level = LogLevel.Warning, Message = "Attempt {AttemptId} of account {Account} was never reconciled and is booked at its upper bound of {Nanos} nano-dollars")]
    private partial void LogUnconfirmedFolded(BudgetKey account, string attemptId, long nanos);

    [LoggerMessage(EventId = 210, Level = LogLevel.Critical, Message = "The stored state of account {Account} is older than its ledger log, as after a restored backup; nothing is granted until it is repaired")]
    private partial void LogStateIsOld(BudgetKey account);
}
