using System.Collections.Immutable;
using Cascade.Grains.Budgets;
using Cascade.Storage;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cascade.Cli.Ledgers;

/// <summary>The stored ledgers that a command reads.</summary>
internal sealed class LedgerSource(LedgerBooks books, IAsyncDisposable? owned) : IAsyncDisposable
{
    public LedgerBooks Books => books;

    public static async Task<LedgerSource> OpenAsync(StorageConfig config, CliHost host, CancellationToken cancellationToken)
    {
        if (host.Ledgers is { } given)
        {
            return new LedgerSource(given, owned: null);
        }

        try
        {
            var stored = await StoredLedgers.OpenAsync(config, NullLoggerFactory.Instance, cancellationToken);
            return new LedgerSource(new LedgerBooks(stored.Log, stored.States), stored);
        }
        catch (InvalidOperationException unusable)
        {
            throw new CliException(
                ExitCodes.Unavailable,
                config.Mode == StorageMode.Embedded
                    ? $"--data: {unusable.Message}; stop the server that uses it, or give --redis with the port that it names at its start"
                    : $"--redis: {unusable.Message}; correct the address, or start it",
                unusable);
        }
    }

    /// <summary>The budgets of an account and of those below it; empty for all. None is a mistake of whoever asks, and never an empty report.</summary>
    public static async Task<ImmutableArray<string>> FindAsync(LedgerBooks books, string account, CancellationToken cancellationToken)
    {
        var budgets = await books.BudgetsAsync(account, cancellationToken);
        return !budgets.IsEmpty
            ? budgets
            : throw new CliException(
                ExitCodes.NoInput, account.Length > 0 ? $"--account: nothing is stored of '{account}' or an account below it" : "nothing is stored of any account");
    }

    /// <summary>Runs a command's work, and says in its own words what storage did to it.</summary>
    public static async Task<int> ReadAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (LedgerLogUnavailableException away)
        {
            throw new CliException(ExitCodes.Unavailable, $"the storage gives no answer: {away.Message}", away);
        }
        catch (Exception damage) when (damage is LedgerLogDamagedException or InvalidDataException)
        {
            throw new CliException(ExitCodes.BadData, $"{damage.Message}\n'cascade ledger verify' tells all that is wrong", damage);
        }
    }

    public ValueTask DisposeAsync() => owned?.DisposeAsync() ?? ValueTask.CompletedTask;
}
