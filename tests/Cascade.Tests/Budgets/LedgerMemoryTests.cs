using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

/// <summary>Accounts that nobody uses stay in memory for a while, so what one costs is paid many times over.</summary>
public sealed class LedgerMemoryTests
{
    private const int Accounts = 2_000;

    [Fact]
    public void State_TwoCapsAndNoLeases_TakesLessThanAKilobyte()
    {
        var states = new LedgerState[Accounts];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Accounts; i++)
        {
            states[i] = Idle();
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / Accounts;
        Assert.True(bytes < 1_024, $"an idle account takes {bytes} bytes");
        GC.KeepAlive(states);
    }

    private static LedgerState Idle() => LedgerState.Empty with
    {
        Windows =
        [
            new WindowState { Cap = new WindowCap { Window = WindowKind.Day, Limit = new Money(1) }, Start = TestLedger.Noon },
            new WindowState { Cap = new WindowCap { Window = WindowKind.Month, Limit = new Money(2) }, Start = TestLedger.Noon },
        ],
        ByModel = [new ModelUsage { Endpoint = "mini", Settled = new Money(5) }],
        Settled = new Money(5),
    };
}
