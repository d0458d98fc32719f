using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>What the gateway answered.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public bool IsServed => Status == HttpStatusCode.OK;

    public JsonElement Body => JsonDocument.Parse(Text).RootElement;

    public JsonElement Error => Body.GetProperty("error");

    /// <summary>The error's code; empty when it was served.</summary>
    public string Code => IsServed ? "" : Error.GetProperty("code").GetString()!;

    /// <summary>What the gateway says the request cost.</summary>
    public long CostNanos => Headers.TryGetValues("x-cascade-cost-usd", out var usd)
        ? (long)(decimal.Parse(usd.Single(), CultureInfo.InvariantCulture) * 1_000_000_000m)
        : 0;

    public string Content => Body.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
