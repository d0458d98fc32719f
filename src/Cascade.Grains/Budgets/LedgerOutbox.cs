using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Identity;
using Cascade.Grains.State;
using Cascade.Storage.Ledger;
using Microsoft.Extensions.Logging;

namespace Cascade.Grains.Budgets;

/// <summary>
/// Entries on their way from an account's stored state to the ledger log. They are stored in the very write that stores what they tell of,
/// and stay there until the log has them: so the log gets each once, whatever fails in between. While the log is away they are sent again and
/// again, and once more when the desk goes away. Used by one desk.
/// </summary>
/// <param name="account">The account.</param>
/// <param name="environment">What it works with.</param>
internal sealed partial class LedgerOutbox(string account, DeskEnvironment environment)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastRetry = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastTry = TimeSpan.FromSeconds(5);

    private readonly ILedgerLog _log = environment.Log;
    private readonly int _limit = environment.Options.LedgerOutbox;
    private readonly ILogger _logger = environment.Logger;
    private ImmutableArray<string> _unstored = [];
    private ImmutableArray<string> _stored = [];
    private long _first = 1;
    private long _sent;
    private Task<bool> _sending = Task.FromResult(true);
    private bool _retrying;
    private bool _closed;
    private bool _isKnownToFit;

    private long Unsent => _first + _stored.Length - 1 - _sent;

    /// <summary>Takes over what a stored state has, and sends it: its last desk may have died before it could.</summary>
    public void Load(LedgerRecord record, LedgerState state, DateTimeOffset now, IIdSource ids)
    {
        (_first, _stored, _sent, _unstored) = (record.FirstEntry, record.Entries, record.FirstEntry - 1, []);
        if (record.FirstEntry == 1 && record.Entries.IsEmpty)
        {
            // Nothing for a new account; the balances of one that was stored before entries were.
            Keep(LedgerOpening.Of(state, ids.Next(), now));
        }

        Send();
    }

    /// <summary>Keeps the entries of a change that is not stored yet for the next write.</summary>
    public void Keep(ImmutableArray<LedgerEntry> entries) => _unstored = _unstored.AddRange(entries.Select(LedgerEntryText.Encode));

    /// <summary>
    /// Whether the log has entries of later states than the one that was loaded. Asked before the first write only, and again while the log
    /// is away: from then on no write of another desk goes unnoticed.
    /// </summary>
    public async Task<bool> IsLogAheadAsync()
    {
        if (_isKnownToFit)
        {
            return false;
        }

        try
        {
            _isKnownToFit = await _log.CountAsync(account, CancellationToken.None) < _first + _stored.Length;
            return !_isKnownToFit;
        }
        catch (LedgerLogUnavailableException e)
        {
            LogNotSent(account, e);
            return false;
        }
    }

    /// <summary>Waits for the log when there is no room for more entries.</summary>
    /// <exception cref="CascadeException">The log has been away for so long that there is still none.</exception>
    public async Task MakeRoomAsync(int entries)
    {
        var wanted = _unstored.Length + entries;
        if (Unsent + wanted <= _limit)
        {
            return;
        }

        Send();
        await _sending;
        if (Unsent > 0 && Unsent + wanted > _limit)
        {
            throw new CascadeException(
                $"{Unsent} entries of account '{account}' wait for the ledger log, and Limits:LedgerOutbox allows {_limit}; nothing is booked until it takes them");
        }
    }

    /// <summary>Puts what is on its way and what is new into a record that is about to be stored.</summary>
    public LedgerRecord Put(LedgerRecord record, ImmutableArray<LedgerEntry> entries) => record with
    {
        FirstEntry = _sent + 1,
        Entries = [.. _stored.AsSpan((int)(_sent + 1 - _first)..), .. _unstored, .. entries.Select(LedgerEntryText.Encode)],
    };

    /// <summary>Says that a record from <see cref="Put"/> is stored, and sends what it has.</summary>
    public void Stored(LedgerRecord record)
    {
        (_first, _stored, _unstored) = (record.FirstEntry, record.Entries, []);
        Send();
    }

    /// <summary>Sends what waits one last time. What does not arrive stays in the stored state for the next desk.</summary>
    public async Task CloseAsync()
    {
        _closed = true;
        if (Unsent > 0)
        {
            Send();
            await _sending.EndsWithinAsync(LastTry, environment.Time);
        }
    }

    /// <summary>Nobody waits for it: what does not arrive now is sent again, by itself or with the next write.</summary>
    private void Send()
    {
        if (_sending.IsCompleted)
        {
            _sending = TrySendAsync();
        }

        if (!_retrying && !_closed)
        {
            _retrying = true;
            _ = RetryAsync();
        }
    }

    private async Task RetryAsync()
    {
        var pause = FirstRetry;
        while (!await _sending && !_closed)
        {
            await Task.Delay(pause, environment.Time);
            pause = pause * 2 > LastRetry ? LastRetry : pause * 2;
            if (_sending.IsCompleted && !_closed)
            {
                _sending = TrySendAsync();
            }
        }

        _retrying = false;
    }

    /// <returns>False when the log is away; true when it has taken everything, or refuses it for good.</returns>
    private async Task<bool> TrySendAsync()
    {
        try
        {
            while (Unsent > 0)
            {
                var first = _sent + 1;
                var texts = _stored.Slice((int)(first - _first), (int)Math.Min(Unsent, LedgerLogLimits.MaxBatch));
                var status = await _log.AppendAsync(account, first, texts, CancellationToken.None);
                if (status != LogAppendStatus.Appended)
                {
                    LogRefused(account, first, status);
                    return true;
                }

                _sent = Math.Max(_sent, first + texts.Length - 1);
            }

            return true;
        }
        catch (Exception e)
        {
            // The entries are safe in the stored state, whatever went wrong here; a log that stays away stops the account in MakeRoomAsync.
            LogNotSent(account, e);
            return false;
        }
    }

    [LoggerMessage(EventId = 207, Level = LogLevel.Warning, Message = "Entries of account {Account} could not be sent to the ledger log; they are kept and sent again")]
    private partial void LogNotSent(string account, Exception exception);

    [LoggerMessage(EventId = 208, Level = LogLevel.Critical, Message = "The ledger log of account {Account} refuses entry {First}: {Status}. Two histories of the account exist, or its log was cut")]
    private partial void LogRefused(string account, long first, LogAppendStatus status);
}
