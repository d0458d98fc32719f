using System.Collections.Immutable;

namespace Cascade.Storage.Journal;

/// <summary>A line that was read.</summary>
/// <param name="Sequence">Its number in the stream; 0 in format v1, which had none.</param>
/// <param name="Entry">What it says.</param>
internal readonly record struct NumberedEntry(long Sequence, JournalEntry Entry);

/// <summary>Puts the lines of one stream together and checks that they are all of it.</summary>
internal sealed class StreamLines(JournalKey key, int capacity)
{
    private readonly ImmutableArray<JournalEntry>.Builder _entries = ImmutableArray.CreateBuilder<JournalEntry>(capacity);
    private readonly JournalLineReader _reader = new(key);
    private bool? _numbered;

    internal void Add(ReadOnlySpan<byte> line, long position)
    {
        if (position == 0)
        {
            _reader.CheckHeader(line);
            return;
        }

        var read = _reader.Read(line, position);
        var numbered = read.Sequence > 0;
        if ((_numbered ??= numbered) != numbered)
            throw new JournalDamagedException(key, position, "it is of another format version than the lines before it");
        if (numbered && read.Sequence <= _entries.Count)
            CheckRepeated(read, position);
        else if (numbered && read.Sequence != _entries.Count + 1)
            throw new JournalDamagedException(key, position, $"its sequence number is {read.Sequence} where {_entries.Count + 1} belongs: lines are missing");
        else
            _entries.Add(read.Entry);
    }

    internal JournalContents ToContents() => new(_entries.DrainToImmutable());

    /// <summary>
    /// A writer that got no answer sends its lines again, and the server may have taken both: the same line again says nothing new.
    /// Another entry under a number that is taken means that two processes wrote.
    /// </summary>
    private void CheckRepeated(NumberedEntry read, long position)
    {
        if (_entries[(int)read.Sequence - 1] != read.Entry)
            throw new JournalDamagedException(key, position, $"its sequence number {read.Sequence} belongs to another entry");
    }
}
