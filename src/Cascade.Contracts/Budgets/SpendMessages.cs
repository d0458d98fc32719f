using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>Tells what accounts have spent. A stateless worker over the ledger log; it takes part in no booking.</summary>
[Alias("cascade.spend"), GrainInterfaceType("cascade.spend")]
public interface ISpendGrain : IGrainWithIntegerKey
{
    /// <summary>Adds up the entries of an account, and of the accounts below it when accounts are told apart.</summary>
    /// <param name="request">What to add up.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One page, or the reason why there is none.</returns>
    [Alias("read"), ResponseTimeout("00:00:30")]
    Task<SpendReply> ReadAsync(SpendRequest request, CancellationToken cancellationToken = default);
}

/// <summary>By what spend is told apart. Values are on the wire: append only.</summary>
[Flags, GenerateSerializer, Alias("cascade.spend.by")]
public enum SpendBy
{
    /// <summary>All in one sum.</summary>
    None = 0,

    /// <summary>By account: the one asked for and all below it.</summary>
    Account = 1,

    /// <summary>By endpoint.</summary>
    Model = 2,

    /// <summary>By local day; not with <see cref="Month"/>.</summary>
    Day = 4,

    /// <summary>By local month.</summary>
    Month = 8,

    /// <summary>By those accounts that no other is below, such as runs; not with <see cref="Account"/>.</summary>
    Run = 16,
}

/// <summary>A question about spend.</summary>
[GenerateSerializer, Immutable, Alias("cascade.spend.request")]
public sealed record SpendRequest
{
    /// <summary>Whose spend, with that of all accounts below it.</summary>
    [Id(0)]
    public required AccountId Account { get; init; }

    /// <summary>By what it is told apart.</summary>
    [Id(1)]
    public required SpendBy By { get; init; }

    /// <summary>The first local day that counts, as <c>yyyy-MM-dd</c>; empty for 30 days before <see cref="To"/>.</summary>
    [Id(2)]
    public string From { get; init; } = "";

    /// <summary>The first local day that does not count any more, as <c>yyyy-MM-dd</c>; empty for tomorrow.</summary>
    [Id(3)]
    public string To { get; init; } = "";

    /// <summary>The time zone of the days, by IANA name; empty for that of the account's caps, else UTC.</summary>
    [Id(4)]
    public string TimeZone { get; init; } = "";

    /// <summary>Where the page before this one ended; empty for the first page.</summary>
    [Id(5)]
    public string After { get; init; } = "";

    /// <summary>How many accounts one page tells of at most, 1 to 1,000.</summary>
    [Id(6)]
    public int Accounts { get; init; } = 100;
}

/// <summary>One page of spend.</summary>
[GenerateSerializer, Immutable, Alias("cascade.spend.reply")]
public sealed record SpendReply
{
    /// <summary>The outcome: <see cref="BudgetStatus.InvalidCommand"/> when the request cannot be carried out as it is.</summary>
    [Id(0)]
    public required BudgetStatus Status { get; init; }

    /// <summary>What is wrong with the request, and how to repair it.</summary>
    [Id(1)]
    public string Problem { get; init; } = "";

    /// <summary>The time zone of the days.</summary>
    [Id(2)]
    public string TimeZone { get; init; } = "";

    /// <summary>The first instant that counts.</summary>
    [Id(3)]
    public DateTimeOffset From { get; init; }

    /// <summary>The first instant that does not count any more.</summary>
    [Id(4)]
    public DateTimeOffset To { get; init; }

    /// <summary>The sums, by account, then period, then endpoint.</summary>
    [Id(5)]
    public ImmutableArray<SpendItem> Rows { get; init; } = [];

    /// <summary>Everything the account asked for has spent in that time; only on the first page.</summary>
    [Id(6)]
    public SpendItem? Total { get; init; }

    /// <summary>What to give as <see cref="SpendRequest.After"/> for the next page; empty on the last one.</summary>
    [Id(7)]
    public string Next { get; init; } = "";
}

/// <summary>What was spent, and for what.</summary>
[GenerateSerializer, Immutable, Alias("cascade.spend.item")]
public sealed record SpendItem
{
    /// <summary>The account; empty when accounts are not told apart.</summary>
    [Id(0)]
    public string Account { get; init; } = "";

    /// <summary>The first local day of the day or month, as <c>yyyy-MM-dd</c>; empty when neither is told apart.</summary>
    [Id(1)]
    public string Period { get; init; } = "";

    /// <summary>The endpoint; empty when endpoints are not told apart, and for spend of which nobody said where.</summary>
    [Id(2)]
    public string Endpoint { get; init; } = "";

    /// <summary>The money, in nano-dollars.</summary>
    [Id(3)]
    public required long SpentNanos { get; init; }

    /// <summary>Requests that ended; they are not told by endpoint.</summary>
    [Id(4)]
    public long Requests { get; init; }

    /// <summary>Provider calls.</summary>
    [Id(5)]
    public long Attempts { get; init; }

    /// <summary>Billed input tokens, cached ones included.</summary>
    [Id(6)]
    public long InputTokens { get; init; }

    /// <summary>Billed output tokens, reasoning included.</summary>
    [Id(7)]
    public long OutputTokens { get; init; }

    /// <summary>Input tokens that were read from the provider's cache.</summary>
    [Id(8)]
    public long CachedTokens { get; init; }

    /// <summary>Output tokens that are reasoning.</summary>
    [Id(9)]
    public long ReasoningTokens { get; init; }
}
