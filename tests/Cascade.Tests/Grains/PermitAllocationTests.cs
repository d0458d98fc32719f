using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class PermitAllocationTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EnterAndReturn_FromTheSlice_AllocatesNothing(bool reports)
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
        var report = new CallReport(CallEffect.Answered, HasFailed: false, new TokenUsage { OutputTokens = 100 }, CostNanos: 1, RetryAfter: null);
        for (var i = 0; i < 1_000; i++)
        {
            Return((await gate.EnterAsync(ask, CancellationToken.None)).Permit, reports, report);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            var admission = await gate.EnterAsync(ask, CancellationToken.None);
            Return(admission.Permit, reports, report);
        }

        // The runtime allocates a little of its own now and then; a permit that allocated would be 10,000 times its size.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    private static void Return(Permit permit, bool reports, in CallReport report)
    {
        if (reports)
        {
            permit.Return(report);
            return;
        }

        permit.ReturnUnused();
    }
}
