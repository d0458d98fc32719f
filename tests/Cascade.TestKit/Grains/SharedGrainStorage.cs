using System.Collections.Concurrent;
using System.Globalization;
using Cascade.Storage;
using Orleans.Storage;

namespace Cascade.TestKit.Grains;

/// <summary>
/// Grain storage that outlives silos: one instance is shared by all silos of a test. Writes are conditional on the ETag, as in a real store,
/// and can be made to fail before or after they take effect.
/// </summary>
public sealed class SharedGrainStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<string, (BinaryData Data, long Version)> _documents = new();
    private readonly StateSerializer _serializer = new();
    private readonly Lock _lock = new();
    private int _failBefore;
    private int _failAfter;

    /// <summary>How many writes took effect.</summary>
    public int Writes { get; private set; }

    /// <summary>How many replies were lost so far.</summary>
    public int RepliesLost { get; private set; }

    /// <summary>Makes the next writes fail without effect.</summary>
    /// <param name="count">How many.</param>
    public void FailWrites(int count)
    {
        lock (_lock)
        {
            _failBefore = count;
        }
    }

    /// <summary>Makes the next writes take effect and then fail, so that the caller does not know.</summary>
    /// <param name="count">How many.</param>
    public void LoseReplies(int count)
    {
        lock (_lock)
        {
            _failAfter = count;
        }
    }

    /// <summary>A copy of everything that is stored, as a backup is.</summary>
    /// <returns>The copy.</returns>
    public IReadOnlyDictionary<string, (BinaryData Data, long Version)> Copy() => new Dictionary<string, (BinaryData Data, long Version)>(_documents);

    /// <summary>Puts a copy in the place of everything that is stored.</summary>
    /// <param name="copy">The copy.</param>
    public void Restore(IReadOnlyDictionary<string, (BinaryData Data, long Version)> copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        lock (_lock)
        {
            _documents.Clear();
            foreach (var (key, document) in copy)
            {
                _documents[key] = document;
            }
        }
    }

    /// <summary>The stored document of a grain, as text; null when there is none.</summary>
    /// <param name="stateName">The state's name.</param>
    /// <param name="grainId">The grain.</param>
    /// <returns>The JSON.</returns>
    public string? Read(string stateName, GrainId grainId) =>
        _documents.TryGetValue(Key(stateName, grainId), out var document) ? document.Data.ToString() : null;

    /// <inheritdoc />
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            if (_documents.TryGetValue(Key(stateName, grainId), out var document))
            {
                grainState.State = _serializer.Deserialize<T>(document.Data);
                grainState.ETag = Tag(document.Version);
                grainState.RecordExists = true;
            }
            else
            {
                grainState.State = Activator.CreateInstance<T>();
                grainState.ETag = null;
                grainState.RecordExists = false;
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_lock)
        {
            if (_failBefore > 0)
            {
                _failBefore--;
                throw new IOException("the test made this write fail");
            }

            var key = Key(stateName, grainId);
            var version = _documents.TryGetValue(key, out var document) ? document.Version : 0;
            var stored = version == 0 ? null : Tag(version);
            if (stored != grainState.ETag)
            {
                throw new InconsistentStateException("somebody else wrote first", stored ?? "", grainState.ETag ?? "");
            }

            _documents[key] = (_serializer.Serialize(grainState.State), version + 1);
            Writes++;
            if (_failAfter > 0)
            {
                _failAfter--;
                RepliesLost++;
                throw new IOException("the test lost the reply of this write");
            }

            grainState.ETag = Tag(version + 1);
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _documents.TryRemove(Key(stateName, grainId), out _);
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private static string Key(string stateName, GrainId grainId) => $"{stateName}|{grainId}";

    private static string Tag(long version) => version.ToString(CultureInfo.InvariantCulture);
}
