namespace Cascade.Budgets;

/// <summary>The bounds that keep a ledger's arithmetic exact and its state small.</summary>
public static class LedgerLimits
{
    /// <summary>The largest single amount, in nano-dollars: one billion dollars.</summary>
    public const long MaxAmountNanos = 1_000_000_000L * Money.NanosPerDollar;

    /// <summary>
    /// The most that all amounts of one account may add up to, in nano-dollars: four billion dollars. Any sum or difference of two
    /// such totals fits in 64 bits, so a command that passes validation cannot overflow.
    /// </summary>
    public const long MaxTotalNanos = 4 * MaxAmountNanos;

    /// <summary>The most requests a command or an account may count.</summary>
    public const long MaxRequests = 1_000_000_000_000_000;

    /// <summary>The most tokens of one kind that anything counts; a sum stops there.</summary>
    public const long MaxTokens = 4_000_000_000_000_000_000;

    /// <summary>The most endpoints that spend is told apart by, in a command and in an account; what is beyond goes to the empty name.</summary>
    public const int MaxModels = 256;

    /// <summary>The most caps of one account.</summary>
    public const int MaxCaps = 16;

    /// <summary>The most floors of one cap.</summary>
    public const int MaxFloors = 256;

    /// <summary>The most alert thresholds of one cap.</summary>
    public const int MaxAlertPercents = 16;

    /// <summary>The most overrides of one cap at a time.</summary>
    public const int MaxOverrides = 16;

    /// <summary>The longest author or reason of an override, in characters.</summary>
    public const int MaxTextLength = 500;

    /// <summary>The most attempts one command may name.</summary>
    public const int MaxAttempts = 100_000;

    /// <summary>The longest id, in characters.</summary>
    public const int MaxIdLength = 200;

    /// <summary>How many operations a ledger remembers unless told otherwise.</summary>
    public const int DefaultOperations = 1024;

    /// <summary>The shortest rolling window.</summary>
    public static readonly TimeSpan MinSpan = TimeSpan.FromMinutes(1);

    /// <summary>The longest rolling window.</summary>
    public static readonly TimeSpan MaxSpan = TimeSpan.FromDays(366);

    /// <summary>The longest an override may last.</summary>
    public static readonly TimeSpan MaxOverride = TimeSpan.FromDays(366);

    /// <summary>The longest a lease may live without news of its holder.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);
}
