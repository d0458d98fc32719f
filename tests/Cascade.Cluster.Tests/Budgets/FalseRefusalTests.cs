using System.Collections.Concurrent;
using System.Globalization;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Budgets;

/// <summary>
/// What it costs to be safe: requests that are refused although their true cost would have fitted, and money of an exhausted budget that
/// nobody could spend. Three silos, bursts, output limits far above what the account has.
/// </summary>
public sealed class FalseRefusalTests
{
    private const long Token = TestModel.TokenNanos;
    private const int Silos = 3;
    private const int HugeLimit = 1_000_000;
    private const double MostFalseRefusals = 0.001;
    private const double LeastUtilisation = 0.995;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 24)]
    [InlineData(3, 120)]
    public async Task Complete_BurstsWithHugeLimits_RefuseNothingThatFitsAndUseTheWholeBudget(int seed, int burst)
    {
        var costs = TrueCosts.Load(600, seed);
        var cap = costs.OutputTokens.Sum(tokens => (long)tokens) * Token * 7 / 10;
        await using var cluster = await StartAsync(costs, cap);

        // Every silo draws a lease and then leaves it idle, except for what the bursts bring it.
        var asked = new ConcurrentBag<(int Index, CascadeReply Reply)>();
        for (var silo = 0; silo < Silos; silo++)
            asked.Add((silo, await AskAsync(cluster, silo, silo)));
        for (var next = Silos; next < costs.OutputTokens.Length; next += burst)
        {
            var wave = Enumerable.Range(next, Math.Min(burst, costs.OutputTokens.Length - next));
            foreach (var (index, reply) in await Task.WhenAll(wave.Select(async i => (i, await AskAsync(cluster, i, SiloOf(i, burst))))))
                asked.Add((index, reply));
        }

        await AssertAsync(cluster, costs, cap, [.. asked]);
    }

    private static int SiloOf(int index, int burst) => burst == 1 ? index / 40 % Silos : index % Silos;

    private static async Task<CascadeTestCluster> StartAsync(TrueCosts costs, long cap)
    {
        var provider = new ScriptedCaller(async (call, _) =>
        {
            await Task.Yield();
            var tokens = costs.OutputTokens[int.Parse(call.Messages[^1].Text, CultureInfo.InvariantCulture)];
            return ScriptedCaller.Answer("42", 1, Math.Min(tokens, call.Options.MaxOutputTokens!.Value));
        });
        var model = new TestModel()
            .Endpoint("m", provider, e => e with { MaxOutputTokens = HugeLimit, MinOutputTokens = 1 })
            .Account("acme", cap)
            .Build();
        return await CascadeTestCluster.StartAsync(Silos, model);
    }

    private static Task<CascadeReply> AskAsync(CascadeTestCluster cluster, int index, int silo)
    {
        var request = CascadeTestCluster.Request("acme", "m", maxTokens: index % 2 == 0 ? HugeLimit : null) with
        {
            Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = index.ToString(CultureInfo.InvariantCulture) }],
        };
        return cluster.Silo(silo).GetGrain<ICascadeRouterGrain>(0).CompleteAsync(request, Ct);
    }

    private static async Task AssertAsync(
        CascadeTestCluster cluster, TrueCosts costs, long cap, IReadOnlyCollection<(int Index, CascadeReply Reply)> asked)
    {
        var budget = await cluster.Budget("acme").GetSnapshotAsync(collect: true, Ct);
        var left = cap - budget.SettledNanos;
        var refused = asked.Where(a => a.Reply.Status != CascadeStatus.Answered).ToList();
        var wrongly = refused.Count(a => costs.OutputTokens[a.Index] * Token <= left);
        var cut = asked.Count(a => a.Reply.Attempts.Any(attempt => attempt.Clamped && attempt.Usage.OutputTokens < costs.OutputTokens[a.Index]));
        TestContext.Current.SendDiagnosticMessage(
            $"{costs.Source}: {asked.Count} asked, {refused.Count} refused, {wrongly} of them though they fitted, {cut} cut short, "
            + $"{(double)budget.SettledNanos / cap:P3} of the cap used");

        Assert.All(refused, a => Assert.True(a.Reply.Status is CascadeStatus.InsufficientQuota or CascadeStatus.BudgetUnavailable, a.Reply.Problem));
        Assert.True(budget.SettledNanos <= cap, $"{budget.SettledNanos} spent of {cap}");
        Assert.True(wrongly <= MostFalseRefusals * asked.Count, $"{wrongly} of {asked.Count} were refused although their true cost fitted");
        Assert.True(budget.SettledNanos >= LeastUtilisation * cap, $"only {(double)budget.SettledNanos / cap:P3} of the cap was used");
        Assert.True(cut <= 0.05 * asked.Count, $"{cut} of {asked.Count} answers were cut short");
    }
}
