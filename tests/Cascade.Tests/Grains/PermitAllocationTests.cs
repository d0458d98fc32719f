using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class PermitAllocationTests
{
    [Fact]
    public async Task EnterAndReturn_FromTheSlice_AllocatesNothing()
    {
        var endpoint = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Build().Endpoints["m"];
        using var gate = new EndpointGate(
            endpoint,
            "127.0.0.1:1@1/0",
            (request, _) => Task.FromResult(new CapacityReply { GrantedInFlight = 100, Lifetime = TimeSpan.FromHours(1) }),
            TimeProvider.System,
            new CascadeOptions(),
            static _ => { });
        var ask = new PermitAsk(new AccountId("acme"), "acme", 1, 100, RequestPriority.Interactive);
        for (var i = 0; i < 1_000; i++)
        {
            (await gate.EnterAsync(ask, CancellationToken.None)).Permit.ReturnUnused();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            var admission = await gate.EnterAsync(ask, CancellationToken.None);
            admission.Permit.ReturnUnused();
        }

        // The runtime allocates a little of its own now and then; a permit that allocated would be 10,000 times its size.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }
}
