using System.Collections.Immutable;
using System.Globalization;
using Cascade.Budgets;
using Cascade.Contracts;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>
/// Alerts on their way to the sink. They are stored in the very write that stores the spend which raised them, and stay there until they have
/// arrived: so each is told at least once, whatever fails in between. Used by one desk.
/// </summary>
/// <param name="budget">The budget.</param>
/// <param name="environment">What it works with.</param>
internal sealed partial class AlertOutbox(BudgetKey budget, DeskEnvironment environment)
{
    /// <summary>Alerts of one budget that may wait; when more come the eldest is given up, and that is logged.</summary>
    public const int MaxWaiting = 64;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(5);

    private readonly ILogger _logger = environment.Logger;
    private ImmutableArray<string> _unstored = [];
    private ImmutableArray<string> _stored = [];
    private long _first = 1;
    private long _told;
    private bool _telling;
    private bool _closed;

    private long Last => _first + _stored.Length - 1;

    /// <summary>Takes over what a stored state has, and tells it: its last desk may have died before it could.</summary>
    public void Load(LedgerRecord record)
    {
        (_first, _stored, _told, _unstored) = (record.FirstAlert, record.Alerts, record.FirstAlert - 1, []);
        Tell();
    }

    /// <summary>Keeps the alerts of a change that is not stored yet for the next write.</summary>
    public void Keep(ImmutableArray<LedgerEntry> entries) => _unstored = _unstored.AddRange(TextsOf(entries));

    /// <summary>Puts what has not arrived and what is new into a record that is about to be stored.</summary>
    public LedgerRecord Put(LedgerRecord record, ImmutableArray<LedgerEntry> entries)
    {
        ImmutableArray<string> waiting =
        [
            .. _stored.AsSpan((int)(_told + 1 - _first)..),
            .. _unstored,
            .. TextsOf(entries),
        ];
        var tooMany = Math.Max(0, waiting.Length - MaxWaiting);
        return record with { FirstAlert = _told + 1 + tooMany, Alerts = waiting[tooMany..] };
    }

    /// <summary>Says that a record from <see cref="Put"/> is stored, and tells what it has.</summary>
    public void Stored(LedgerRecord record)
    {
        var known = Last;
        for (var number = Math.Max(_told, _first - 1) + 1; number < record.FirstAlert; number++)
        {
            LogGivenUp(budget, number);
            environment.Instruments.Alerted(AlertOutcome.GivenUp);
        }

        (_first, _stored, _told, _unstored) = (record.FirstAlert, record.Alerts, Math.Max(_told, record.FirstAlert - 1), []);
        for (var number = Math.Max(known, _first - 1) + 1; number <= Last; number++)
        {
            var alert = Read(number);
            LogReached(budget, alert.Percent, alert.Cap, alert.SpentNanos, alert.LimitNanos);
            environment.Instruments.Alerted(AlertOutcome.Raised);
        }

        Tell();
    }

    /// <summary>Tells nothing more; what waits is stored.</summary>
    public void Close() => _closed = true;

    private static IEnumerable<string> TextsOf(ImmutableArray<LedgerEntry> entries) =>
        entries.Where(static entry => entry.Kind == LedgerEntryKind.Alerted).Select(LedgerEntryText.Encode);

    private void Tell()
    {
        if (!_telling && !_closed && _told < Last)
        {
            _telling = true;
            _ = TellAsync();
        }
    }

    private async Task TellAsync()
    {
        var pause = FirstRetry;
        while (_told < Last && !_closed)
        {
            if (await TryTellAsync(_told + 1))
            {
                pause = FirstRetry;
                continue;
            }

            await Task.Delay(pause, environment.Time);
            pause = pause * 2 > LastRetry ? LastRetry : pause * 2;
        }

        _telling = false;
    }

    private async Task<bool> TryTellAsync(long number)
    {
        try
        {
            await environment.Alerts.DeliverAsync(Read(number), CancellationToken.None);
        }
        catch (Exception e)
        {
            // Stored as it is, it is told later, by this desk or by the next.
            LogNotDelivered(budget, number, e);
            environment.Instruments.Alerted(AlertOutcome.Failed);
            return false;
        }

        _told = Math.Max(_told, number);
        environment.Instruments.Alerted(AlertOutcome.Delivered);
        return true;
    }

    private BudgetAlert Read(long number)
    {
        var entry = LedgerEntryText.Decode(_stored[(int)(number - _first)]);
        return new BudgetAlert(
            string.Create(CultureInfo.InvariantCulture, $"{budget}/{number}"),
            budget,
            new CapKey(entry.Window, entry.Span, entry.TimeZone, entry.Mode),
            entry.Percent,
            entry.Amount.Nanos,
            entry.Upper.Nanos,
            entry.At);
    }

    [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "Budget {Budget} has reached {Percent}% of its cap {Cap}: {SpentNanos} of {LimitNanos} nano-dollars")]
    private partial void LogReached(BudgetKey budget, int percent, CapKey cap, long spentNanos, long limitNanos);

    [LoggerMessage(EventId = 221, Level = LogLevel.Warning, Message = "Alert {Number} of budget {Budget} could not be delivered; it is kept and told again")]
    private partial void LogNotDelivered(BudgetKey budget, long number, Exception exception);

    [LoggerMessage(EventId = 222, Level = LogLevel.Error, Message = "Alert {Number} of budget {Budget} is given up: too many wait to be delivered")]
    private partial void LogGivenUp(BudgetKey budget, long number);
}

/// <summary>What becomes of alerts, as it is counted.</summary>
internal enum AlertOutcome
{
    None = 0,
    Raised = 1,
    Delivered = 2,
    Failed = 3,
    GivenUp = 4,
}
