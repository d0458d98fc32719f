using System.Globalization;
using System.Text.Json;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>The books of an account as <c>GET /v1/budget</c> shows them.</summary>
internal sealed record BudgetView(JsonElement Body)
{
    public long SettledNanos => Nanos("settled_usd");

    public long UnconfirmedUpperNanos => Nanos("unconfirmed_upper_usd");

    public long UnconfirmedLowerNanos => Nanos("unconfirmed_lower_usd");

    public long LeasedNanos => Nanos("leased_usd");

    public int OpenLeases => Body.GetProperty("open_leases").GetInt32();

    /// <summary>All that counts against the cap.</summary>
    public long HeldNanos => SettledNanos + UnconfirmedUpperNanos + LeasedNanos;

    private long Nanos(string name) =>
        (long)(decimal.Parse(Body.GetProperty(name).GetString()!, CultureInfo.InvariantCulture) * 1_000_000_000m);
}
