using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class FairQueueTests
{
    private static readonly Gen<(int[] Weights, (int Tenant, int Tokens)[] Calls)> Backlog = Gen.Select(
        Gen.Int[1, 8].Array[2, 4],
        Gen.Select(Gen.Int[0, 3], Gen.OneOf(Gen.Const(1), Gen.Int[1, 100])).Array[1, 200]);

    private readonly FairQueue _queue = new(batch: false);
    private readonly Dictionary<string, TenantUse> _tenants = [];
    private readonly Dictionary<PermitWaiter, string> _names = [];

    [Fact]
    public void Next_Empty_IsNull() => Assert.Null(_queue.Next);

    [Fact]
    public void TakeNext_TenantFloods_OthersTakeTurnsWithIt()
    {
        Add("a", "a1");
        Add("a", "a2");
        Add("a", "a3");
        Add("b", "b1");
        Add("c", "c1");
        Add("b", "b2");

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], TakeAll());
    }

    [Fact]
    public void TakeNext_DifferentWeights_AreServedByWeight()
    {
        Use("a").Weight = 3;
        for (var i = 0; i < 8; i++)
        {
            Add("a", "a");
            Add("b", "b");
        }

        Assert.Equal(6, TakeAll()[..8].Count(name => name == "a"));
    }

    [Fact]
    public void TakeNext_LargeCalls_AreServedLessOften()
    {
        for (var i = 0; i < 6; i++)
        {
            Add("a", "a", tokens: 300);
            Add("b", "b", tokens: 100);
            Add("b", "b", tokens: 100);
            Add("b", "b", tokens: 100);
        }

        Assert.Equal(3, TakeAll()[..12].Count(name => name == "a"));
    }

    [Fact]
    public void TakeNext_AccountsOfATenant_TakeTurnsWithinItsShare()
    {
        Add("a/x", "x1");
        Add("a/x", "x2");
        Add("a/y", "y1");
        Add("b", "b1");
        Add("b", "b2");

        Assert.Equal(["x1", "b1", "y1", "b2", "x2"], TakeAll());
    }

    [Fact]
    public void Add_TenantWasAway_HasSavedNothingUp()
    {
        Add("b", "b0");
        TakeAll();
        for (var i = 0; i < 50; i++)
        {
            Add("a", "a");
        }

        for (var i = 0; i < 40; i++)
        {
            _queue.TakeNext();
        }

        Add("b", "b");
        Add("b", "b");
        Add("b", "b");

        Assert.InRange(TakeAll()[..4].Count(name => name == "b"), 1, 2);
    }

    [Fact]
    public void Correct_CallUsedLess_IsServedSooner()
    {
        Add("a", "a1", tokens: 1_000);
        Add("a", "a2", tokens: 10);
        Add("b", "b1", tokens: 500);
        Add("b", "b2", tokens: 10);
        _queue.TakeNext();
        _queue.Correct(Use("a"), -990);

        Assert.Equal(["b1", "a2", "b2"], TakeAll());
    }

    [Fact]
    public void Remove_OneOfSeveralAndLast_KeepsTheRestInOrder()
    {
        Add("a", "a1");
        var place = Add("a", "a2");
        Add("a", "a3");
        var only = Add("b", "b1");

        _queue.Remove(place);
        _queue.Remove(only);
        _queue.Remove(only);

        Assert.Equal(2, _queue.Count);
        Assert.Equal(["a1", "a3"], TakeAll());
    }

    [Fact]
    public void TakeNext_AnyBacklog_ServesTenantsByWeightWithinOneCallAndLosesNobody() => Backlog.Sample(backlog => Play(backlog, []));

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        Backlog.Sample(backlog => Play(backlog, seen), iter: 1_000, threads: 1);
        Assert.Superset(new HashSet<string> { "two wait all along", "different weights", "different sizes", "one tenant only" }, seen);
    }

    /// <summary>While two tenants both wait, what they were served differs by no more than a call of each, over their weights.</summary>
    private static void Play((int[] Weights, (int Tenant, int Tokens)[] Calls) backlog, HashSet<string> seen)
    {
        var test = new FairQueueTests();
        var served = new double[backlog.Weights.Length];
        var left = new int[backlog.Weights.Length];
        foreach (var (tenant, tokens) in backlog.Calls)
        {
            var who = tenant % backlog.Weights.Length;
            test.Use($"{who}").Weight = backlog.Weights[who];
            test.Add($"{who}", $"{who}", tokens);
            left[who]++;
        }

        seen.Add(left.Count(n => n > 0) == 1 ? "one tenant only" : "several tenants");
        var largest = backlog.Calls.Max(c => c.Tokens);
        seen.Add(backlog.Calls.Any(c => c.Tokens != largest) ? "different sizes" : "equal sizes");
        seen.Add(backlog.Weights.Distinct().Count() > 1 ? "different weights" : "equal weights");
        var backlogged = Enumerable.Range(0, left.Length).Where(i => left[i] > 0).ToHashSet();
        while (test._queue.Next is { } next)
        {
            var who = int.Parse(next.Tenant.Name, provider: null);
            test._queue.TakeNext();
            served[who] += next.Ask.Tokens;
            backlogged.RemoveWhere(i => i == who && --left[i] == 0);
            foreach (var a in backlogged)
            {
                foreach (var b in backlogged.Where(b => b > a))
                {
                    seen.Add("two wait all along");
                    var (ours, theirs) = (served[a] / backlog.Weights[a], served[b] / backlog.Weights[b]);
                    var slack = (largest / (double)backlog.Weights[a]) + (largest / (double)backlog.Weights[b]);
                    Assert.True(Math.Abs(ours - theirs) <= slack + 1e-6, $"{ours} and {theirs} differ by more than {slack}");
                }
            }
        }

        Assert.Equal(backlog.Calls.Sum(c => c.Tokens), served.Sum());
    }

    private TenantUse Use(string tenant) => _tenants.TryGetValue(tenant, out var use) ? use : _tenants[tenant] = new TenantUse(tenant);

    private PermitWaiter Add(string account, string name, int tokens = 100)
    {
        var tenant = account.Split('/')[0];
        var waiter = new PermitWaiter(new PermitAsk(new AccountId(account), tenant, 1, tokens, RequestPriority.Interactive), Use(tenant), 0);
        _names.Add(waiter, name);
        _queue.Add(waiter);
        return waiter;
    }

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_queue.Next is { } next)
        {
            taken.Add(_names[next]);
            _queue.TakeNext();
        }

        Assert.Equal(0, _queue.Count);
        return taken;
    }
}
