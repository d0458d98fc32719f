using Cascade.Grains.Configuration;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Microsoft.Extensions.Configuration;

namespace Cascade.Tests.Configuration;

/// <summary>A small valid configuration that a test changes in one or two places.</summary>
internal static class Settings
{
    public static readonly string HashOfA = "sha256:" + new string('a', 64);

    public static Dictionary<string, string?> Valid() => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Cascade:Storage:Mode"] = "memory",
        ["Cascade:Endpoints:weak:Provider"] = "synthetic",
        ["Cascade:Endpoints:weak:InputUsdPerMillionTokens"] = "0.15",
        ["Cascade:Endpoints:weak:OutputUsdPerMillionTokens"] = "0.6",
        ["Cascade:Endpoints:openai/strong@eastus:Provider"] = "synthetic",
        ["Cascade:Endpoints:openai/strong@eastus:Synthetic:Solver"] = "strong",
        ["Cascade:Routes:math:Strategy"] = "threshold-pair",
        ["Cascade:Routes:math:Stages:0"] = "weak",
        ["Cascade:Routes:math:Stages:1"] = "openai/strong@eastus",
        ["Cascade:Routes:math:Verifier:Kind"] = "arithmetic",
        ["Cascade:Accounts:acme/search:Caps:0:Window"] = "day",
        ["Cascade:Accounts:acme/search:Caps:0:LimitUsd"] = "1.000000001",
        ["Cascade:Accounts:acme/search:KeyHashes:0"] = HashOfA,
    };

    public static ClusterModelResult Build(Dictionary<string, string?> settings) => Build(
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    public static ClusterModelResult Build(IConfiguration configuration)
    {
        var reading = CascadeConfigReader.Read(configuration);
        var result = ClusterModelBuilder.Build(reading.Config, new FakeCallers());
        return result with { Problems = [.. reading.Problems, .. result.Problems] };
    }

    private sealed class FakeCallers : IModelCallerFactory
    {
        public IModelCaller Create(string endpointName, EndpointConfig config) => new NoCaller();
    }

    private sealed class NoCaller : IModelCaller
    {
        public Task<ModelCallResult> CallAsync(ModelCall call, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("a configuration test calls no model");
    }
}
