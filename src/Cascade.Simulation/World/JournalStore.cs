using Cascade.Simulation.Auditing;
using Cascade.Simulation.Core;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.World;

/// <summary>The durable streams of all leases.</summary>
internal sealed class JournalStore(SimLoop loop, SimTrace trace, Coverage coverage, Auditor auditor)
{
    private readonly Dictionary<JournalKey, Stream> _streams = [];
    private readonly Queue<StoreFault> _faults = new();

    public bool IsAway { get; set; }

    public bool IsSealed(JournalKey key) => _streams.TryGetValue(key, out var stream) && stream.Sealed;

    public void FailNext(StoreFault fault, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _faults.Enqueue(fault);
        }
    }

    public void ClearFaults() => _faults.Clear();

    /// <summary>Carries out a command, and says what came of it unless the answer gets lost.</summary>
    /// <param name="silo">Who asks.</param>
    /// <param name="key">The stream.</param>
    /// <param name="command">What is asked, for the trace.</param>
    /// <param name="effect">The command.</param>
    /// <param name="answer">Told the result.</param>
    public void Execute<T>(SimSilo silo, JournalKey key, string command, Func<T> effect, Action<T> answer)
    {
        var fault = _faults.TryDequeue(out var planned) ? planned : StoreFault.None;
        if (IsAway || silo.CutFromJournal || fault == StoreFault.Before)
        {
            coverage.Note(Seen.JournalFailedBefore);
            trace.Note(loop.Now, "journal-lost", key.LeaseId, command);
            return;
        }

        var latency = fault == StoreFault.Late ? loop.Random.Milliseconds(3_000, 20_000) : Latency();
        loop.After(latency, () =>
        {
            var result = effect();
            trace.Note(loop.Now, "journal", key.LeaseId, command, (long)fault);
            if (fault != StoreFault.None)
            {
                coverage.Note(fault == StoreFault.After ? Seen.JournalFailedAfter : Seen.JournalLate);
                return;
            }

            loop.After(Latency(), () => silo.Context.Post(() => answer(result)));
        });
    }

    public bool Open(JournalKey key) => _streams.TryAdd(key, new Stream());

    /// <summary>Takes note of an intent that a silo sends to a stream, whenever it will arrive.</summary>
    public void Send(JournalKey key, JournalEntry intent)
    {
        if (_streams.TryGetValue(key, out var stream))
        {
            stream.Sent.TryAdd(intent.AttemptId, intent);
        }
    }

    /// <summary>Takes an entry; the end of an attempt not without its intent, which the same silo has sent before it.</summary>
    public AppendStatus Append(JournalKey key, JournalEntry entry)
    {
        var isIntent = entry.Kind == JournalEntryKind.Intent;
        if (_streams.TryGetValue(key, out var stream) && isIntent && stream.Intents.Contains(entry.AttemptId))
        {
            return AppendStatus.Appended;
        }

        if (stream is null or { Sealed: true })
        {
            coverage.Note(isIntent ? Seen.FenceHitAtStart : Seen.FenceHitAtEnd);
            return AppendStatus.Fenced;
        }

        var intent = isIntent ? entry : stream.Sent.GetValueOrDefault(entry.AttemptId);
        if (intent is not null && stream.Intents.Add(intent.AttemptId))
        {
            stream.Entries.Add(intent);
            auditor.IntentStored(key, intent);
        }

        if (!isIntent)
        {
            stream.Entries.Add(entry);
            auditor.EndStored(key, entry);
        }

        return AppendStatus.Appended;
    }

    /// <param name="key">The stream.</param>
    /// <param name="fence">Whether to close it as well, as a journal must.</param>
    public JournalContents Seal(JournalKey key, bool fence)
    {
        if (!_streams.TryGetValue(key, out var stream))
        {
            _streams[key] = stream = new Stream();
        }

        stream.Sealed |= fence;
        return new JournalContents([.. stream.Entries]);
    }

    private TimeSpan Latency() => loop.Random.Milliseconds(1, 5);

    private sealed class Stream
    {
        public List<JournalEntry> Entries { get; } = [];

        /// <summary>Intents that were sent, by attempt.</summary>
        public Dictionary<string, JournalEntry> Sent { get; } = new(StringComparer.Ordinal);

        /// <summary>The attempts whose intents have arrived.</summary>
        public HashSet<string> Intents { get; } = new(StringComparer.Ordinal);

        public bool Sealed { get; set; }
    }
}
