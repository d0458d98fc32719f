using System.Collections.Concurrent;

namespace Cascade.Providers.Replay;

/// <summary>
/// Loads each recording, and each model's answers, once for all who ask. Bounded by what can be asked for: three recordings, and the
/// models that endpoints are configured with.
/// </summary>
internal sealed class ReplayLibrary
{
    private readonly ConcurrentDictionary<(string Directory, string Name), Lazy<Task<ReplayDataSet>>> _sets = new();
    private readonly ConcurrentDictionary<(string Directory, string Name, string Model), Lazy<Task<IReadOnlyDictionary<string, ReplayAnswer>>>> _answers = new();

    public Task<ReplayDataSet> DataSetAsync(string directory, string name, CancellationToken cancellationToken) =>
        OnceAsync(_sets, (directory, name), () => ReplayDataSet.LoadAsync(directory, name, CancellationToken.None), cancellationToken);

    public async Task<IReadOnlyDictionary<string, ReplayAnswer>> AnswersAsync(
        string directory, string name, string model, CancellationToken cancellationToken)
    {
        var set = await DataSetAsync(directory, name, cancellationToken);
        return await OnceAsync(
            _answers, (directory, name, model), () => set.LoadAnswersAsync(model, CancellationToken.None), cancellationToken);
    }

    private static async Task<TValue> OnceAsync<TKey, TValue>(
        ConcurrentDictionary<TKey, Lazy<Task<TValue>>> cache, TKey key, Func<Task<TValue>> load, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var entry = cache.GetOrAdd(key, _ => new Lazy<Task<TValue>>(load));
        try
        {
            return await entry.Value.WaitAsync(cancellationToken);
        }
        catch (ReplayDataException)
        {
            // The folder may appear later; a failure must not outlive its cause.
            cache.TryRemove(KeyValuePair.Create(key, entry));
            throw;
        }
    }
}
