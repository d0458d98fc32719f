using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

/// <summary>One server in front of <see cref="RichStub"/>.</summary>
public sealed class RichFixture : IAsyncLifetime
{
    internal ServerAccount Account { get; } = new("tenant-rich/team", 1_000_000 * StubProvider.CostNanos);

    internal OpenAiStubServer Stub { get; private set; } = null!;

    internal ServerProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Stub = await RichStub.StartAsync();
        Server = await ServerProcess.StartAsync(
            new ServerSetup
            {
                Endpoints = [Stub.Endpoint()],
                Accounts = [Account],
                Settings = new Dictionary<string, string> { [$"Endpoints:{ServerRequests.Model}:MaxTokensPerImage"] = "1500" },
            },
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Stub.DisposeAsync();
    }
}
