using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Storage.Ledger;
using Calendar = Cascade.Budgets.Calendar;

namespace Cascade.Grains.Budgets;

/// <summary>Answers questions about spend from the ledger log, page by page and within bounds. Thread-safe.</summary>
/// <param name="log">The entries.</param>
/// <param name="model">Which accounts there are, and in which time zone their days are.</param>
/// <param name="time">The clock.</param>
internal sealed partial class SpendReader(ILedgerLog log, ClusterModel model, TimeProvider time)
{
    /// <summary>Local days of one question.</summary>
    public const int MaxDays = 400;

    /// <summary>Accounts of one page.</summary>
    public const int MaxAccounts = 1_000;

    /// <summary>Rows after which a page ends with the account that it has just told of.</summary>
    public const int FullPage = 10_000;

    private const SpendBy Accounts = SpendBy.Account | SpendBy.Run;
    private const int StandardDays = 30;
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Entries that one page may read.</summary>
    public int MaxEntries { get; init; } = 1_000_000;

    public async Task<SpendReply> ReadAsync(SpendRequest request, CancellationToken cancellationToken)
    {
        if (model.FindBudget(new BudgetKey(request.Account)) is not { } budget)
        {
            return new SpendReply { Status = BudgetStatus.UnknownAccount };
        }

        if (Problem(request) is { } problem)
        {
            return new SpendReply { Status = BudgetStatus.InvalidCommand, Problem = problem };
        }

        var zone = request.TimeZone.Length > 0 ? request.TimeZone : StoredBudget.ZoneOf(budget.Caps);
        if (FilterOf(request, zone) is not { } filter)
        {
            return new SpendReply { Status = BudgetStatus.InvalidCommand, Problem = $"'from' must be before 'to' and at most {MaxDays} days" };
        }

        var entries = new EntryReader(log, filter, MaxEntries);
        var reply = new SpendReply { Status = BudgetStatus.Ok, TimeZone = zone, From = filter.From, To = filter.To };
        if (request.After.Length == 0)
        {
            var (total, told) = (new SpendQuery(filter with { By = SpendDimensions.None }), new SpendQuery(filter));
            if (!await entries.TakeAsync(request.Account.Value, entry => Take(total, told, entry), cancellationToken))
            {
                return TooMuch();
            }

            reply = reply with { Total = ToItem(default, total.Total), Rows = [.. told.Rows().Select(r => ToItem(r.Group, r.Sum))] };
        }

        return (request.By & Accounts) == SpendBy.None ? reply : await AddAccountsAsync(request, filter, entries, reply with { Rows = [] }, cancellationToken);
    }

    private static void Take(SpendQuery total, SpendQuery told, LedgerEntry entry)
    {
        total.Take("", entry);
        told.Take("", entry);
    }

    private static async Task<SpendReply> TellAsync(
        SpendRequest request, ImmutableArray<string> accounts, SpendFilter filter, EntryReader entries, SpendReply reply, CancellationToken cancellationToken)
    {
        var rows = ImmutableArray.CreateBuilder<SpendItem>();
        for (var i = 0; i < accounts.Length; i++)
        {
            var query = new SpendQuery(filter);
            var fits = i < request.Accounts && rows.Count < FullPage
                && await entries.TakeAsync(accounts[i], entry => query.Take(accounts[i], entry), cancellationToken);
            if (!fits)
            {
                return i == 0 ? TooMuch() : reply with { Rows = rows.DrainToImmutable(), Next = accounts[i - 1] };
            }

            rows.AddRange(query.Rows().Select(r => ToItem(r.Group, r.Sum)));
        }

        return reply with { Rows = rows.DrainToImmutable() };
    }

    private static SpendReply TooMuch() => new()
    {
        Status = BudgetStatus.InvalidCommand,
        Problem = "the account has too many entries in that time for one question; ask for fewer days",
    };

    // One spelling per zone: the runtime keeps what it finds for ever, under the name it was asked for.
    [GeneratedRegex("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,3}$")]
    private static partial Regex ZoneName();

    private static string? Problem(SpendRequest request)
    {
        if (request.By.HasFlag(SpendBy.Day | SpendBy.Month) || request.By.HasFlag(Accounts) || (request.By & ~(Accounts | SpendBy.Model | SpendBy.Day | SpendBy.Month)) != 0)
        {
            return "'by' takes only one of day and month, and only one of account and run";
        }

        if (request.TimeZone.Length > 0 && !(ZoneName().IsMatch(request.TimeZone) && TimeZoneInfo.TryFindSystemTimeZoneById(request.TimeZone, out _)))
        {
            return "'time_zone' is no IANA name, for example Europe/Berlin";
        }

        if (Bad(request.From) || Bad(request.To))
        {
            return "'from' and 'to' are days, for example 2026-03-01";
        }

        return request.Accounts is < 1 or > MaxAccounts ? $"'limit' must be 1 to {MaxAccounts}" : null;

        static bool Bad(string date) => date.Length > 0 && !TryDate(date, out _);
    }

    private static bool TryDate(string text, out DateOnly date) =>
        DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out date) && date.Year is >= 1901 and < 9000;

    private static SpendItem ToItem(SpendGroup group, SpendSum sum) => new()
    {
        Account = group.Account ?? "",
        Period = group.Period?.ToString(DateFormat, CultureInfo.InvariantCulture) ?? "",
        Endpoint = group.Endpoint ?? "",
        SpentNanos = sum.Amount.Nanos,
        Requests = sum.Requests,
        Attempts = sum.Attempts,
        InputTokens = sum.Tokens.Input,
        OutputTokens = sum.Tokens.Output,
        CachedTokens = sum.Tokens.Cached,
        ReasoningTokens = sum.Tokens.Reasoning,
    };

    private static SpendDimensions ByOf(SpendBy by) =>
        (SpendDimensions)(by & ~Accounts) | ((by & Accounts) == SpendBy.None ? SpendDimensions.None : SpendDimensions.Account);

    private async Task<SpendReply> AddAccountsAsync(
        SpendRequest request, SpendFilter filter, EntryReader entries, SpendReply reply, CancellationToken cancellationToken)
    {
        var all = new SortedSet<string>(StringComparer.Ordinal);
        await foreach (var key in log.AccountsAsync(cancellationToken))
        {
            if (BudgetPaths.IsWhole(key) && BudgetPaths.IsWithin(key, request.Account.Value))
            {
                all.Add(key);
            }
        }

        var told = request.By.HasFlag(SpendBy.Run) ? BudgetPaths.Leaves(all) : all;
        ImmutableArray<string> after = [.. told.Where(account => string.CompareOrdinal(account, request.After) > 0)];
        return await TellAsync(request, after, filter, entries, reply, cancellationToken);
    }

    private SpendFilter? FilterOf(SpendRequest request, string zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
        var to = TryDate(request.To, out var last) ? last : today.AddDays(1);
        var from = TryDate(request.From, out var first) ? first : to.AddDays(-StandardDays);
        return to.DayNumber - from.DayNumber is < 1 or > MaxDays ? null : new SpendFilter
        {
            By = ByOf(request.By),
            From = Calendar.FirstOf(zone, from),
            To = Calendar.FirstOf(zone, to),
            TimeZone = zone,
        };
    }

    /// <summary>Reads entries until the page has read its share.</summary>
    private sealed class EntryReader(ILedgerLog log, SpendFilter filter, int most)
    {
        private int _left = most;

        /// <returns>False when there are more than may still be read.</returns>
        public async Task<bool> TakeAsync(string account, Action<LedgerEntry> take, CancellationToken cancellationToken)
        {
            var count = await log.CountAsync(account, cancellationToken);
            var next = await LedgerSeek.FirstAsync(log, account, count, filter.From, cancellationToken);
            if (count + 1 - next > _left)
            {
                return false;
            }

            _left -= (int)(count + 1 - next);
            while (next <= count)
            {
                var page = await log.ReadAsync(account, next, (int)Math.Min(LedgerVerification.Page, count + 1 - next), cancellationToken);
                foreach (var logged in page)
                {
                    take(LedgerEntryText.Decode(logged.Text));
                }

                next += page.Length;
                if (page.IsEmpty)
                {
                    throw new InvalidDataException($"the ledger log of '{account}' has no entry {next}");
                }
            }

            return true;
        }
    }
}
