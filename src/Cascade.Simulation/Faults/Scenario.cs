using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Simulation.Core;

namespace Cascade.Simulation.Faults;

/// <summary>A world to build and what happens to it, all from one seed.</summary>
internal sealed record Scenario
{
    private const int UsualPercent = 62;
    private const int WaitPercent = 6;
    private const int RestPerMille = 12;

    private static readonly StepKind[] FaultKinds =
        [.. Enum.GetValues<StepKind>().Where(k => k is not (StepKind.None or StepKind.Requests or StepKind.Wait or StepKind.Rest))];

    public required ulong Seed { get; init; }

    public required int Silos { get; init; }

    public required ImmutableArray<AccountModel> Accounts { get; init; }

    public required CascadeOptions Options { get; init; }

    /// <summary>True time at which the world begins; most begin shortly before an hour is over.</summary>
    public required DateTimeOffset Epoch { get; init; }

    public required bool Overbills { get; init; }

    /// <summary>The largest request, in nano-dollars.</summary>
    public required int LargestRequest { get; init; }

    public required ImmutableArray<SimStep> Steps { get; init; }

    public static Scenario Of(ulong seed, int steps)
    {
        var random = new SimRandom(seed);
        random.NextBits();
        var accounts = random.Between(1, 3);
        return new Scenario
        {
            Seed = seed,
            Silos = (int)random.Between(1, 4),
            Accounts = [.. Enumerable.Range(0, (int)accounts).Select(i => Account(i, random))],
            Options = OptionsOf(random),
            Epoch = new DateTimeOffset(2026, 3, 6, 13, 0, 0, TimeSpan.Zero) - random.Milliseconds(20_000, 240_000),
            Overbills = random.Chance(30),
            LargestRequest = (int)random.Between(200, 8_000),
            Steps = [.. StepsOf(random, steps)],
        };
    }

    private static AccountModel Account(int index, SimRandom random)
    {
        var total = random.Between(2_000, 200_000);
        var hour = new WindowCap { Window = WindowKind.Hour, Limit = new Money(random.Between(total / 4, total)) };
        var life = new WindowCap { Window = WindowKind.Total, Limit = new Money(total) };
        return new AccountModel
        {
            Id = new AccountId($"tenant{index}"),
            Caps = random.Below(4) switch
            {
                0 => [hour],
                1 => [hour, life],
                _ => [life],
            },
            ExpectedRequests = null,
        };
    }

    private static CascadeOptions OptionsOf(SimRandom random) => new()
    {
        LeaseLifetime = TimeSpan.FromSeconds(random.Pick([4, 8, 20])),
        LeaseMargin = TimeSpan.FromMilliseconds(random.Pick([500, 2_000])),
        ReportInterval = TimeSpan.FromSeconds(random.Pick([1, 2, 5])),
        LeaseIdle = TimeSpan.FromSeconds(random.Pick([2, 10, 600])),
        LeaseDemand = TimeSpan.FromSeconds(random.Pick([1, 3, 10])),
        LeaseReservations = random.Pick([3, 20, 10_000]),
        ReservationWait = TimeSpan.FromSeconds(random.Pick([1, 4, 10])),
        ReservationRetry = TimeSpan.FromMilliseconds(random.Pick([50, 400])),
        ReservationQueue = random.Pick([4, 10_000]),
    };

    /// <summary>Every scenario has its own few kinds of fault: all at once would drown each other.</summary>
    private static IEnumerable<SimStep> StepsOf(SimRandom random, int count)
    {
        var share = random.Between(10, 60);
        StepKind[] kinds = [.. FaultKinds.Where(_ => random.Chance((int)share))];
        for (var i = 0; i < count; i++)
        {
            var roll = random.Below(100);
            var kind = roll < UsualPercent || kinds.Length == 0 ? StepKind.Requests
                : roll < UsualPercent + WaitPercent ? StepKind.Wait
                : random.Below(1000) < RestPerMille ? StepKind.Rest
                : random.Pick(kinds);
            yield return new SimStep(
                kind,
                random.Below(60),
                (int)random.Between(1, kind == StepKind.Requests ? 2 : 4),
                random.Milliseconds(200, random.Chance(20) ? 45_000 : 4_000),
                kind == StepKind.Wait ? random.Milliseconds(500, 20_000) : random.Milliseconds(0, 250),
                random.NextBits());
        }
    }
}
