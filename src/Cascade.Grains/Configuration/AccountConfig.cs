using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Configuration;

/// <summary>One account: what it may spend and who may spend it.</summary>
public sealed class AccountConfig
{
    /// <summary>The caps; none means that spend is only counted.</summary>
    public List<CapConfig> Caps { get; set; } = [];

    /// <summary>What the hard caps keep for single children, until these have spent as much.</summary>
    public List<FloorConfig> Floors { get; set; } = [];

    /// <summary>Whether calls wait for the usage journal; not set is as <c>Budgets</c> says.</summary>
    public Durability? Durability { get; set; }

    /// <summary>
    /// How much calls of one lease may add up to, in dollars, that did not wait for the journal: the most that a crash adds to what is held.
    /// Decimal text with at most nine places; not set is as <c>Budgets</c> says.
    /// </summary>
    public string ExposureUsd { get; set; } = "";

    /// <summary>Requests expected per window of the tightest cap; not set derives it from the traffic.</summary>
    public int? ExpectedRequests { get; set; }

    /// <summary>Its share of busy endpoints beside other tenants; that of the first segment counts for everything below it.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>The class of its requests: <c>interactive</c> or <c>batch</c>; a request may lower it.</summary>
    public RequestPriority Priority { get; set; } = RequestPriority.Interactive;

    /// <summary>The route whose plan tells the shadow price to begin with; not set begins at 0.</summary>
    public string WarmStartRoute { get; set; } = "";

    /// <summary>Caps on what the account spends on one endpoint, by the endpoint's name.</summary>
    public Dictionary<string, ModelCapsConfig> Models { get; set; } = [];

    /// <summary>Which endpoints it may use, of those that the accounts above it allow.</summary>
    public AllowConfig Allow { get; set; } = new();

    /// <summary>Keys of its own at providers, which sign its calls, and those of the accounts below it, in place of the endpoints' keys.</summary>
    public List<ProviderKeyConfig> ProviderKeys { get; set; } = [];

    /// <summary>Hashes of the keys that may spend this account's money, each <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public List<string> KeyHashes { get; set; } = [];
}

/// <summary>What an account may spend on one endpoint, besides all its other caps.</summary>
public sealed class ModelCapsConfig
{
    /// <summary>The caps; at least one.</summary>
    public List<CapConfig> Caps { get; set; } = [];
}

/// <summary>Money that only one child of an account can spend, until it has spent as much in the window.</summary>
public sealed class FloorConfig
{
    /// <summary>The last segment of the child's path.</summary>
    public string Child { get; set; } = "";

    /// <summary>The window of the hard cap that keeps the money.</summary>
    public string Window { get; set; } = "";

    /// <summary>How much, in dollars, as decimal text with at most nine places.</summary>
    public string AmountUsd { get; set; } = "";
}

/// <summary>The most an account may spend in a window.</summary>
public sealed class CapConfig
{
    /// <summary>The window: <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c>, <c>total</c> or <c>rolling</c>.</summary>
    public string Window { get; set; } = "";

    /// <summary>The cap in dollars, as decimal text with at most nine places.</summary>
    public string LimitUsd { get; set; } = "";

    /// <summary>Whether the cap refuses (<c>hard</c>), alerts (<c>soft</c>), or counts what it would have refused (<c>observe</c>).</summary>
    public CapMode Mode { get; set; } = CapMode.Hard;

    /// <summary>The length of a rolling window, which only such a window has.</summary>
    public TimeSpan? Span { get; set; }

    /// <summary>The percentages of the cap at which to alert, each once in a window.</summary>
    public List<int> AlertPercents { get; set; } = [.. WindowCap.DefaultAlertPercents];

    /// <summary>The time zone of the calendar, by IANA name.</summary>
    public string TimeZone { get; set; } = "UTC";
}
