using Cascade.Contracts;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Cascade.Grains.Budgets;

/// <summary>Reads the ledger log for whoever asks; few at a time, so that reports never take the storage away from the money.</summary>
[GrainType("cascade.spend"), StatelessWorker(maxLocalWorkers: 2)]
internal sealed partial class SpendGrain(SpendReader reader, ILogger<SpendGrain> logger) : Grain, ISpendGrain
{
    private readonly ILogger _logger = logger;

    public async Task<SpendReply> ReadAsync(SpendRequest request, CancellationToken cancellationToken = default)
    {
        try
        {
            return await reader.ReadAsync(request, cancellationToken);
        }
        catch (Exception fault) when (fault is LedgerLogUnavailableException or LedgerLogDamagedException or FormatException or InvalidDataException)
        {
            // The log's own fault types do not cross a grain boundary.
            LogNotRead(request.Account, fault);
            throw new CascadeException($"the ledger log of account '{request.Account}' cannot be read now");
        }
    }

    [LoggerMessage(EventId = 209, Level = LogLevel.Error, Message = "The ledger log of account {Account} or of one below it cannot be read")]
    private partial void LogNotRead(AccountId account, Exception exception);
}
