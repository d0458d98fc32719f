using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Cascade.Providers.Pricing;

/// <summary>
/// A price book that follows its files. They are looked at again when a price is asked for, at most once an interval; new prices hold for calls
/// that start afterwards. Files with any problem change nothing: the last good book stays in use.
/// </summary>
public sealed partial class LivePriceBook
{
    private readonly ImmutableArray<string> _files;
    private readonly ImmutableArray<string> _required;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile PriceBook _current;
    private string _seen;
    private long _lookedAt;
    private int _looking;
    private long _reloads;
    private long _failures;

    /// <summary>Follows files that were read before.</summary>
    /// <param name="book">What was read.</param>
    /// <param name="files">The paths of the files.</param>
    /// <param name="required">Names that endpoints refer to: a book without one of them is not taken.</param>
    /// <param name="interval">The least time between two looks at the files.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of every change.</param>
    public LivePriceBook(
        PriceBook book, IEnumerable<string> files, IEnumerable<string> required, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(time);
        (_current, _files, _required) = (book, [.. files], [.. required.Distinct(StringComparer.Ordinal)]);
        (_interval, _time, _logger) = (interval, time, logger);
        _lookedAt = time.GetTimestamp();
        _seen = book.Fingerprint;
    }

    /// <summary>The prices in use.</summary>
    public PriceBook Current
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _lookedAt)) >= _interval)
                Look();
            return _current;
        }
    }

    /// <summary>The moment by the book's own clock.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>How often other prices were taken from the files.</summary>
    public long Reloads => Volatile.Read(ref _reloads);

    /// <summary>How often the files had changed and could not be used.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>The prices of one entry, whatever the book says at the moment they are asked for.</summary>
    /// <param name="name">The entry's name.</param>
    /// <returns>The source.</returns>
    public IPriceSource Entry(string name) => new BookEntry(this, name);

    private void Look()
    {
        // One caller looks; the others go on with the prices they have.
        if (Interlocked.Exchange(ref _looking, 1) != 0)
            return;
        try
        {
            Volatile.Write(ref _lookedAt, _time.GetTimestamp());
            Follow();
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private void Follow()
    {
        var problems = new List<string>();
        var texts = Texts(problems);
        var print = PriceBookReader.Fingerprint(texts);
        if (print == _seen)
            return;
        _seen = print;
        var reading = problems.Count > 0 ? new PriceBookReading(null, [.. problems]) : PriceBookReader.Read(texts);
        var missing = reading.Book is { } read ? _required.Where(name => !read.Entries.ContainsKey(name)) : [];
        problems = [.. reading.Problems, .. missing.Select(name => $"'{name}' is gone, and an endpoint refers to it; put it back, or change the endpoint first")];
        if (reading.Book is { } book && problems.Count == 0)
        {
            _current = book;
            Interlocked.Increment(ref _reloads);
            LogReloaded(_logger, book.Entries.Count);
            return;
        }

        Interlocked.Increment(ref _failures);
        LogRefused(_logger, problems.Count, string.Join(Environment.NewLine, problems));
    }

    private List<(string Name, string Text)> Texts(List<string> problems)
    {
        var texts = new List<(string, string)>();
        foreach (var file in _files)
            texts.Add((file, PriceBookReader.Load(file, problems) ?? ""));
        return texts;
    }

    [LoggerMessage(420, LogLevel.Information, "The price book was read again; it has {Entries} entries")]
    private static partial void LogReloaded(ILogger logger, int entries);

    [LoggerMessage(421, LogLevel.Error, "The price book has changed and cannot be used ({Count} problem(s)); the last good prices stay in use:\n{Problems}")]
    private static partial void LogRefused(ILogger logger, int count, string problems);

    private sealed class BookEntry(LivePriceBook book, string name) : IPriceSource
    {
        public PriceList? At(DateTimeOffset moment) => book.Current.Entries.GetValueOrDefault(name)?.At(moment);
    }
}
