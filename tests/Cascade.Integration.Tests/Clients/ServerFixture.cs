using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

/// <summary>One server with embedded storage, its provider and its collector of telemetry, shared by the tests of this folder.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    /// <summary>An endpoint without prices.</summary>
    internal const string Unpriced = "stub/unpriced";

    internal ServerAccount Rich { get; } = new("tenant-rich/team", 1_000_000 * StubProvider.CostNanos);

    /// <summary>Cannot pay for a single call.</summary>
    internal ServerAccount Poor { get; } = new("tenant-poor", 1_000) { Window = "day" };

    internal OpenAiStubServer Stub { get; private set; } = null!;

    internal CallGate Gate { get; } = new();

    internal OtlpReceiver Otlp { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stub = await StubProvider.StartAsync(Gate.Decide);
        Otlp = await OtlpReceiver.StartAsync();
        var setup = new ServerSetup
        {
            Endpoints = [Stub.Endpoint(), Stub.Endpoint() with { Name = Unpriced, InputUsd = null }],
            Accounts = [Rich, Poor],
            Settings = new Dictionary<string, string> { ["Telemetry:OtlpEndpoint"] = Otlp.Address },
            Environment = new Dictionary<string, string>
            {
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
            },
        };
        Server = await ServerProcess.StartAsync(setup, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Otlp.DisposeAsync();
        await Stub.DisposeAsync();
    }
}

/// <summary>Tests that share the server run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
