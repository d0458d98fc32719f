using System.Collections.Immutable;

namespace Cascade.Contracts;

/// <summary>Where an account stands.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.snapshot")]
public sealed record AccountSnapshot
{
    /// <summary>The account.</summary>
    [Id(0)]
    public required AccountId Account { get; init; }

    /// <summary>The outcome; <see cref="BudgetStatus.UnknownAccount"/> when there is no such account.</summary>
    [Id(1)]
    public required BudgetStatus Status { get; init; }

    /// <summary>Every window with its cap and spend.</summary>
    [Id(2)]
    public ImmutableArray<WindowSnapshot> Windows { get; init; } = [];

    /// <summary>Settled since the account was opened, in nano-dollars.</summary>
    [Id(3)]
    public long SettledNanos { get; init; }

    /// <summary>The most that attempts of unknown outcome can cost, in nano-dollars.</summary>
    [Id(4)]
    public long UnconfirmedUpperNanos { get; init; }

    /// <summary>The least that attempts of unknown outcome can cost, in nano-dollars.</summary>
    [Id(5)]
    public long UnconfirmedLowerNanos { get; init; }

    /// <summary>Leased to silos and not yet spent, in nano-dollars.</summary>
    [Id(6)]
    public long LeasedNanos { get; init; }

    /// <summary>Open leases.</summary>
    [Id(7)]
    public int OpenLeases { get; init; }

    /// <summary>Requests that ended, but for those refused because the account could not pay.</summary>
    [Id(8)]
    public long Requests { get; init; }

    /// <summary>The shadow price of money, in quality per dollar.</summary>
    [Id(9)]
    public double ShadowPrice { get; init; }

    /// <summary>What providers billed above the stated upper bounds, in nano-dollars.</summary>
    [Id(10)]
    public long OverrunNanos { get; init; }

    /// <summary>Where the settled money went, in the order of the names.</summary>
    [Id(11)]
    public ImmutableArray<ModelSpend> ByModel { get; init; } = [];

    /// <summary>The endpoint whose calls the budget is for; empty when it is for all spend of the account.</summary>
    [Id(20)]
    public string Endpoint { get; init; } = "";

    /// <summary>How the shadow price moved lately, the oldest first; at most 128 points, since the budget came to its silo.</summary>
    [Id(21)]
    public ImmutableArray<PricePoint> PriceHistory { get; init; } = [];
}

/// <summary>One move of a shadow price.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.price-point")]
public sealed record PricePoint
{
    /// <summary>When.</summary>
    [Id(0)]
    public required DateTimeOffset At { get; init; }

    /// <summary>The price from then on, in quality per dollar.</summary>
    [Id(1)]
    public required double Price { get; init; }

    /// <summary>Settled by then in the window that the price is paced to, in nano-dollars.</summary>
    [Id(2)]
    public required long SettledNanos { get; init; }

    /// <summary>What was left of that window then, in nano-dollars.</summary>
    [Id(3)]
    public required long RemainingNanos { get; init; }
}

/// <summary>One window of an account.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.window")]
public sealed record WindowSnapshot
{
    /// <summary>The window: <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>total</c> or <c>rolling</c>.</summary>
    [Id(0)]
    public required string Window { get; init; }

    /// <summary>Whether the cap refuses (true) or only warns.</summary>
    [Id(1)]
    public required bool Hard { get; init; }

    /// <summary>The cap with all overrides, in nano-dollars.</summary>
    [Id(2)]
    public required long CapNanos { get; init; }

    /// <summary>Settled in this window, in nano-dollars.</summary>
    [Id(3)]
    public required long SettledNanos { get; init; }

    /// <summary>Limit less settled and unconfirmed spend, in nano-dollars; open leases are not taken off.</summary>
    [Id(4)]
    public required long RemainingNanos { get; init; }

    /// <summary>When the window starts anew; null when it never does.</summary>
    [Id(5)]
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>What the cap does: <c>hard</c>, <c>soft</c> or <c>observe</c>; empty from a silo that knows only <see cref="Hard"/>.</summary>
    [Id(6)]
    public string Mode { get; init; } = "";

    /// <summary>The length of a rolling window; zero for the others.</summary>
    [Id(7)]
    public TimeSpan Span { get; init; }

    /// <summary>The time zone of the window's calendar.</summary>
    [Id(8)]
    public string TimeZone { get; init; } = "";

    /// <summary>The highest percentage of the cap that was alerted in this window; 0 when none was.</summary>
    [Id(9)]
    public int AlertedPercent { get; init; }

    /// <summary>How many grants of money an observed cap would have refused since it was set.</summary>
    [Id(10)]
    public long WouldRefuse { get; init; }

    /// <summary>What those grants needed, in nano-dollars.</summary>
    [Id(11)]
    public long WouldRefuseNanos { get; init; }

    /// <summary>What changes the cap for a time.</summary>
    [Id(12)]
    public ImmutableArray<OverrideSnapshot> Overrides { get; init; } = [];
}

/// <summary>A change of a cap for a time.</summary>
[GenerateSerializer, Immutable, Alias("cascade.budget.override")]
public sealed record OverrideSnapshot
{
    /// <summary>Its name.</summary>
    [Id(0)]
    public required string OverrideId { get; init; }

    /// <summary>What is added to the cap, in nano-dollars; negative lowers it.</summary>
    [Id(1)]
    public required long ChangeNanos { get; init; }

    /// <summary>When it ends by itself.</summary>
    [Id(2)]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Who set it.</summary>
    [Id(3)]
    public required string Author { get; init; }

    /// <summary>Why.</summary>
    [Id(4)]
    public required string Reason { get; init; }
}
