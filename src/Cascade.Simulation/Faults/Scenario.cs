using System.Collections.Frozen;
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

    /// <summary>What is called.</summary>
    public static ImmutableArray<EndpointId> Endpoints { get; } = [new("sim"), new("other")];

    public required ulong Seed { get; init; }

    public required int Silos { get; init; }

    public required ImmutableArray<AccountModel> Accounts { get; init; }

    public required CascadeOptions Options { get; init; }

    /// <summary>True time at which the world begins; most begin shortly before an hour is over.</summary>
    public required DateTimeOffset Epoch { get; init; }

    public required bool Overbills { get; init; }

    /// <summary>The largest request, in nano-dollars.</summary>
    public required int LargestRequest { get; init; }

    /// <summary>How many of the requests come from the first account alone, in percent: one that takes what others are sure of.</summary>
    public required int GreedyPercent { get; init; }

    public required ImmutableArray<SimStep> Steps { get; init; }

    public static Scenario Of(ulong seed, int steps)
    {
        var random = new SimRandom(seed);
        random.NextBits();
        return new Scenario
        {
            Seed = seed,
            Silos = (int)random.Between(1, 4),
            Accounts = [.. AccountsOf(random)],
            Options = OptionsOf(random),
            Epoch = new DateTimeOffset(2026, 3, 6, 13, 0, 0, TimeSpan.Zero) - random.Milliseconds(20_000, 240_000),
            Overbills = random.Chance(30),
            LargestRequest = (int)random.Between(200, 8_000),
            GreedyPercent = random.Chance(40) ? 80 : 0,
            Steps = [.. StepsOf(random, steps)],
        };
    }

    /// <summary>Tenants side by side, or an organisation with teams and keys below it.</summary>
    private static IEnumerable<AccountModel> AccountsOf(SimRandom random)
    {
        if (random.Chance(50))
        {
            var tenants = random.Between(1, 3);
            return Enumerable.Range(0, (int)tenants).Select(i => Account($"tenant{i}", random, [])).ToArray();
        }

        var accounts = new List<AccountModel>();
        var teams = Enumerable.Range(0, (int)random.Between(1, 2)).Select(i => $"team{i}").ToArray();
        accounts.Add(Account("org", random, teams));
        foreach (var team in teams)
        {
            accounts.Add(Account($"org/{team}", random, ["key0"]));
            if (random.Chance(50))
            {
                accounts.Add(Account($"org/{team}/key0", random, []));
            }
        }

        return accounts;
    }

    private static AccountModel Account(string path, SimRandom random, string[] children)
    {
        var models = random.Chance(30) ? Endpoints.Where(_ => random.Chance(70)).ToArray() : [];
        return new AccountModel
        {
            Id = new AccountId(path),
            Caps = CapsOf(random, children),
            ExpectedRequests = null,
            Exposure = random.Chance(50) ? new Money(random.Between(100, 20_000)) : Money.Zero,
            Models = models.ToFrozenDictionary(endpoint => endpoint.Value, _ => CapsOf(random, [])),
        };
    }

    private static ImmutableArray<WindowCap> CapsOf(SimRandom random, string[] children)
    {
        var total = random.Between(2_000, children.Length > 0 && random.Chance(50) ? 20_000 : 200_000);
        var life = new WindowCap { Window = WindowKind.Total, Limit = new Money(total), Floors = [.. FloorsOf(random, children, total)] };
        var hour = new WindowCap { Window = WindowKind.Hour, Limit = new Money(random.Between(total / 4, total)) };
        var rolling = new WindowCap
        {
            Window = WindowKind.Rolling,
            Span = TimeSpan.FromMinutes(random.Pick([1, 2, 10])),
            Limit = new Money(random.Between(total / 4, total)),
        };
        return random.Below(8) switch
        {
            0 or 1 => [hour],
            2 or 3 => [hour, life],
            4 => [rolling],
            5 => [rolling, life with { Mode = CapMode.Soft, Floors = [] }, hour with { Mode = CapMode.Observe }],
            _ => [life],
        };
    }

    private static IEnumerable<CapFloor> FloorsOf(SimRandom random, string[] children, long total)
    {
        foreach (var child in children.Where(_ => random.Chance(60)))
        {
            yield return new CapFloor(child, new Money(random.Between(1, total / 3)));
        }
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
