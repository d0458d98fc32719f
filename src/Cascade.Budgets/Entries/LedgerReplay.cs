using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>
/// Works out every balance of an account anew from its entries. It shares no bookkeeping with the ledger: a booking that the ledger lost,
/// doubled or altered on the way to its state or to its entries shows as a difference (<see cref="LedgerComparer"/>).
/// </summary>
public sealed class LedgerReplay
{
    private readonly Dictionary<string, UnconfirmedEntry> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Money> _leases = new(StringComparer.Ordinal);
    private readonly Dictionary<(DateOnly Day, string Endpoint), ModelUsage> _spend = [];
    private readonly List<string> _problems = [];
    private List<Window> _windows = [];
    private List<Window> _replaced = [];
    private Money _settled;
    private Money _overrun;
    private long _requests;
    private long _entries;

    /// <summary>What the entries say that cannot be: each with the place of the entry, from 0.</summary>
    public ImmutableArray<string> Problems => [.. _problems];

    /// <summary>How many entries were taken.</summary>
    public long Count => _entries;

    /// <summary>Replays entries in their order.</summary>
    /// <param name="entries">The entries.</param>
    /// <returns>The replay, ready to be asked or to be given more.</returns>
    public static LedgerReplay Of(IEnumerable<LedgerEntry> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var replay = new LedgerReplay();
        foreach (var entry in entries)
        {
            replay.Take(entry);
        }

        return replay;
    }

    /// <summary>Takes the next entry.</summary>
    /// <param name="entry">The entry.</param>
    public void Take(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Roll(entry.RecordedAt);
        switch (entry.Kind)
        {
            case LedgerEntryKind.Booked:
                Book(entry);
                break;
            case LedgerEntryKind.Resolved or LedgerEntryKind.Reconciled or LedgerEntryKind.Folded:
                Note(!_held.Remove(entry.AttemptId), $"ends attempt '{entry.AttemptId}', which is not held");
                Book(entry);
                break;
            case LedgerEntryKind.Dropped:
                Note(!_held.Remove(entry.AttemptId), $"drops attempt '{entry.AttemptId}', which is not held");
                break;
            case LedgerEntryKind.Held:
                _held[entry.AttemptId] = HeldBy(entry);
                break;
            case LedgerEntryKind.Overran:
                _overrun += entry.Amount;
                break;
            case LedgerEntryKind.LeaseOpened or LedgerEntryKind.LeaseGrown or LedgerEntryKind.LeaseClosed:
                TakeLease(entry);
                break;
            default:
                TakeCap(entry);
                break;
        }

        _entries++;
    }

    /// <summary>The balances.</summary>
    /// <returns>What the entries taken so far add up to.</returns>
    public ReplayedLedger Result() => new()
    {
        Settled = _settled,
        Overrun = _overrun,
        Requests = _requests,
        Windows = [.. _windows.Select(w => w.Result())],
        Unconfirmed = _held.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Leases = _leases.ToImmutableSortedDictionary(StringComparer.Ordinal),
        ByModel = Sum(_spend.Values),
        ByDay = _spend.GroupBy(s => s.Key.Day).ToImmutableSortedDictionary(day => day.Key, day => Sum(day.Select(s => s.Value))),
    };

    private static ImmutableArray<ModelUsage> Sum(IEnumerable<ModelUsage> spend) =>
    [
        .. spend.GroupBy(m => m.Endpoint, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new ModelUsage
        {
            Endpoint = g.Key,
            Settled = new Money(g.Sum(m => m.Settled.Nanos)),
            Attempts = g.Sum(m => m.Attempts),
            Tokens = g.Aggregate(default(TokenCounts), (sum, m) => sum + m.Tokens),
        }),
    ];

    private static UnconfirmedEntry HeldBy(LedgerEntry entry) => new()
    {
        LeaseId = entry.LeaseId,
        Epoch = entry.Epoch,
        Beneficiary = entry.Beneficiary,
        Endpoint = entry.Endpoint,
        Lower = entry.Lower,
        Upper = entry.Upper,
        At = entry.At,
    };

    /// <summary>Moves the windows to an instant that the ledger has reached, though it wrote no entry then.</summary>
    /// <param name="clock">The instant.</param>
    internal void Roll(DateTimeOffset clock)
    {
        foreach (var window in _windows)
        {
            window.Roll(clock);
        }
    }

    private void Book(LedgerEntry entry)
    {
        Note(entry.Amount < Money.Zero || entry.Requests < 0 || entry.Attempts < 0, $"books less than nothing: {entry.Amount}");
        Note(entry.At > entry.RecordedAt, $"books at {entry.At:O}, after it was recorded");
        _settled += entry.Amount;
        _requests += entry.Requests;
        if (entry.Amount != Money.Zero || entry.Attempts != 0 || entry.InputTokens + entry.OutputTokens != 0)
        {
            var key = (DateOnly.FromDateTime(entry.At.UtcDateTime), entry.Endpoint);
            var known = _spend.GetValueOrDefault(key) ?? new ModelUsage { Endpoint = entry.Endpoint };
            _spend[key] = known with
            {
                Settled = known.Settled + entry.Amount,
                Attempts = known.Attempts + entry.Attempts,
                Tokens = known.Tokens + new TokenCounts(entry.InputTokens, entry.OutputTokens, entry.CachedTokens, entry.ReasoningTokens),
            };
        }

        foreach (var window in _windows)
        {
            window.Book(entry.At, entry.Amount);
        }
    }

    private void TakeLease(LedgerEntry entry)
    {
        switch (entry.Kind)
        {
            case LedgerEntryKind.LeaseOpened:
                Note(!_leases.TryAdd(entry.LeaseId, entry.Amount), $"opens lease '{entry.LeaseId}', which is open");
                break;
            case LedgerEntryKind.LeaseGrown when _leases.TryGetValue(entry.LeaseId, out var granted):
                _leases[entry.LeaseId] = granted + entry.Amount;
                break;
            case LedgerEntryKind.LeaseClosed when _leases.Remove(entry.LeaseId):
                break;
            default:
                Note(true, $"speaks of lease '{entry.LeaseId}', which is not open");
                break;
        }
    }

    private void TakeCap(LedgerEntry entry)
    {
        var key = new CapKey(entry.Window, entry.Span, entry.TimeZone, entry.Mode);
        switch (entry.Kind)
        {
            case LedgerEntryKind.CapsReplaced:
                _replaced = _windows;
                _windows = [];
                break;
            case LedgerEntryKind.CapSet:
                var same = _replaced.Find(w => w.Key == key);
                var kept = same ?? _replaced.Find(w => w.Key.SameWindow(key));
                var window = kept is null ? new Window(key, entry.At, entry.Amount, entry.RecordedAt) : kept.Under(key, keepsOverrides: same is not null);
                window.Limit = entry.Upper;
                _windows.Add(window);
                break;
            case LedgerEntryKind.FloorSet or LedgerEntryKind.Alerted:
                break;
            case LedgerEntryKind.OverrideSet or LedgerEntryKind.OverrideEnded or LedgerEntryKind.WouldRefuse:
                TakeWindow(_windows.Find(w => w.Key == key) ?? _replaced.Find(w => w.Key == key), entry);
                break;
            default:
                Note(true, $"is of kind {entry.Kind}, which this version does not know");
                break;
        }
    }

    private void TakeWindow(Window? window, LedgerEntry entry)
    {
        if (window is null)
        {
            Note(true, $"speaks of a cap that was not set: {entry.Mode} {entry.Window}");
            return;
        }

        switch (entry.Kind)
        {
            case LedgerEntryKind.OverrideSet:
                Note(!window.Overrides.Add(entry.OverrideId), $"sets override '{entry.OverrideId}', which is set");
                break;
            case LedgerEntryKind.OverrideEnded:
                Note(!window.Overrides.Remove(entry.OverrideId), $"ends override '{entry.OverrideId}', which is not set");
                break;
            default:
                window.WouldRefuse++;
                break;
        }
    }

    private void Note(bool wrong, string problem)
    {
        if (wrong)
        {
            _problems.Add($"entry {_entries} {problem}");
        }
    }

    /// <summary>One cap: bookings are kept by instant for as long as they can count.</summary>
    private sealed class Window(CapKey key, DateTimeOffset start, Money known, DateTimeOffset at)
    {
        private readonly SortedDictionary<DateTimeOffset, Money> _bookings = new() { [at] = known };

        public CapKey Key => key;

        public Money Limit { get; set; }

        public long WouldRefuse { get; set; }

        public SortedSet<string> Overrides { get; private init; } = new(StringComparer.Ordinal);

        private DateTimeOffset Start { get; set; } = start;

        public void Book(DateTimeOffset when, Money amount)
        {
            if (when >= Start && amount != Money.Zero)
            {
                var kept = Kept(when);
                _bookings[kept] = _bookings.GetValueOrDefault(kept) + amount;
            }
        }

        public void Roll(DateTimeOffset clock)
        {
            var next = key.Window == WindowKind.Rolling
                ? RollingWindow.StartOf(key.Span, clock)
                : Calendar.StartOf(key.Window, key.TimeZone, clock);
            if (next <= Start)
            {
                return;
            }

            Start = next;
            while (_bookings.Count > 0 && _bookings.First().Key < next)
            {
                _bookings.Remove(_bookings.First().Key);
            }
        }

        /// <summary>The same window under a cap of perhaps another mode.</summary>
        public Window Under(CapKey cap, bool keepsOverrides)
        {
            var window = new Window(cap, Start, Money.Zero, Start) { Overrides = keepsOverrides ? Overrides : new(StringComparer.Ordinal) };
            window.WouldRefuse = keepsOverrides ? WouldRefuse : 0;
            foreach (var (when, amount) in _bookings)
            {
                window._bookings[when] = window._bookings.GetValueOrDefault(when) + amount;
            }

            return window;
        }

        public ReplayedWindow Result() =>
            new(key, Limit, Start, new Money(_bookings.Values.Sum(amount => amount.Nanos)), [.. Overrides], WouldRefuse);

        // All of a calendar window leaves at once, and all of a piece of a rolling one.
        private DateTimeOffset Kept(DateTimeOffset when) => key.Window == WindowKind.Rolling
            ? RollingWindow.StartOfBucket(key.Span, RollingWindow.BucketOf(key.Span, when))
            : Start;
    }
}
