using Cascade.Contracts;

namespace Cascade.Grains.Configuration;

/// <summary>One account: what it may spend and who may spend it.</summary>
public sealed class AccountConfig
{
    /// <summary>The caps; none means that spend is only counted.</summary>
    public List<CapConfig> Caps { get; set; } = [];

    /// <summary>Requests expected per window of the tightest cap; not set derives it from the traffic.</summary>
    public int? ExpectedRequests { get; set; }

    /// <summary>Its share of busy endpoints beside other tenants; that of the first segment counts for everything below it.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>The class of its requests: <c>interactive</c> or <c>batch</c>; a request may lower it.</summary>
    public RequestPriority Priority { get; set; } = RequestPriority.Interactive;

    /// <summary>Hashes of the keys that may spend this account's money, each <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public List<string> KeyHashes { get; set; } = [];
}

/// <summary>The most an account may spend in a window.</summary>
public sealed class CapConfig
{
    /// <summary>The window: <c>hour</c>, <c>day</c>, <c>week</c>, <c>month</c> or <c>total</c>.</summary>
    public string Window { get; set; } = "";

    /// <summary>The cap in dollars, as decimal text with at most nine places.</summary>
    public string LimitUsd { get; set; } = "";

    /// <summary>Whether the cap refuses (true) or is only watched.</summary>
    public bool Hard { get; set; } = true;

    /// <summary>The time zone of the calendar, by IANA name.</summary>
    public string TimeZone { get; set; } = "UTC";
}
