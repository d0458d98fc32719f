using System.Collections.Concurrent;
using System.Collections.Immutable;

using Cascade.Providers.Calling;
using Cascade.Storage.Journal;
using Cascade.Storage.Ledger;

using Orleans.Storage;

namespace Cascade.Benchmarks.Accounts;

/// <summary>Grain storage that keeps nothing.</summary>
internal sealed class ForgetfulStorage : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.State = Activator.CreateInstance<T>();
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;
}

/// <summary>A ledger log that keeps nothing.</summary>
internal sealed class ForgetfulLog : ILedgerLog
{
    public Task<LogAppendStatus> AppendAsync(string account, long first, ImmutableArray<string> entries, CancellationToken cancellationToken) =>
        Task.FromResult(LogAppendStatus.Appended);

    public Task<long> CountAsync(string account, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<ImmutableArray<LogEntry>> ReadAsync(string account, long first, int most, CancellationToken cancellationToken) =>
        Task.FromResult(ImmutableArray<LogEntry>.Empty);

    public IAsyncEnumerable<string> AccountsAsync(CancellationToken cancellationToken) => AsyncEnumerable.Empty<string>();
}

/// <summary>Keeps the streams of open leases only.</summary>
internal sealed class ForgetfulJournal : IUsageJournal
{
    private readonly ConcurrentDictionary<JournalKey, ImmutableArray<JournalEntry>> _open = new();

    public Task OpenAsync(JournalKey key, CancellationToken cancellationToken)
    {
        _open.TryAdd(key, []);
        return Task.CompletedTask;
    }

    public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken)
    {
        while (_open.TryGetValue(key, out var entries))
        {
            if (_open.TryUpdate(key, entries.Add(entry), entries))
                return new(AppendStatus.Appended);
        }

        return new(AppendStatus.Fenced);
    }

    public async ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
        ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken)
    {
        var statuses = ImmutableArray.CreateBuilder<AppendStatus>();
        foreach (var key in keys)
            statuses.Add(await AppendAsync(key, entry, cancellationToken));
        return statuses.ToImmutable();
    }

    public Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) =>
        Task.FromResult(new JournalContents(_open.TryRemove(key, out var entries) ? entries : []));

    public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>A provider that answers at once.</summary>
internal sealed class PromptCaller : IModelCaller
{
    public async Task<ModelCallResult> CallAsync(ModelCall call, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new ModelCallResult
        {
            Status = ModelCallStatus.Answered,
            Billing = BillingCertainty.Reported,
            Text = "42",
            FinishReason = "stop",
            InputTokens = 10,
            OutputTokens = 10,
        };
    }
}
