using Cascade.Benchmarks.Accounts;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Pricing;

namespace Cascade.Benchmarks;

/// <summary>The endpoint that benchmarks call.</summary>
internal static class BenchEndpoint
{
    internal static EndpointModel Create() => new()
    {
        Id = new EndpointId("m"),
        Provider = "bench",
        Caller = new PromptCaller(),
        Price = new PriceList(0, 1_000_000_000),
        MaxInFlight = 1_000,
        MaxOutputTokens = 100,
        MinOutputTokens = 10,
        Quality = 0.9,
        ExpectedCostNanos = 10_000,
        Timeout = TimeSpan.FromSeconds(30),
        DrainOnCancel = false,
        MinBytesPerToken = 1,
    };
}
