using Cascade.Cli.Gateway;

namespace Cascade.Cli.Demo.Running;

/// <summary>Sends the workload for every tenant at once, each with its own key and a bounded number of requests in flight.</summary>
internal sealed class DemoRunner(Uri address, Workload workload, IReadOnlyDictionary<string, string> keys, int concurrency, TimeProvider time)
{
    private const int Tries = 5;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public IReadOnlyList<TenantTally> Start(IEnumerable<DemoTenant> tenants) => [.. tenants.Select(tenant => new TenantTally(tenant, workload))];

    public async Task RunAsync(IReadOnlyList<TenantTally> tallies, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tenants = tallies.Select(tally => RunTenantAsync(tally, stop.Token)).ToList();
        while (tenants.Count > 0)
        {
            var done = await Task.WhenAny(tenants);
            tenants.Remove(done);
            if (!done.IsCompletedSuccessfully)
            {
                // A server that is gone is gone for all of them.
                await stop.CancelAsync();
            }

            await done;
        }
    }

    public async Task<BudgetView> BudgetAsync(DemoTenant tenant, CancellationToken cancellationToken)
    {
        using var gateway = new GatewayClient(address, keys[tenant.Name]);
        return await gateway.BudgetAsync(collect: true, history: false, cancellationToken);
    }

    private async Task RunTenantAsync(TenantTally tally, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchPriceAsync(tally, ended.Token);
        try
        {
            await AskAllAsync(tally, cancellationToken);
        }
        finally
        {
            await ended.CancelAsync();
            await watching;
        }
    }

    private async Task WatchPriceAsync(TenantTally tally, CancellationToken cancellationToken)
    {
        using var gateway = new GatewayClient(address, keys[tally.Tenant.Name]);
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                tally.SawPrice((await gateway.BudgetAsync(collect: false, history: false, cancellationToken)).ShadowPrice);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The tenant has asked its last question.
        }
    }

    private async Task AskAllAsync(TenantTally tally, CancellationToken cancellationToken)
    {
        using var gateway = new GatewayClient(address, keys[tally.Tenant.Name]);
        var options = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(workload.Questions, options, async (question, token) => tally.Add(question, await AskAsync(gateway, question, token)));
    }

    /// <summary>Asks again where the answer says that waiting helps (503); never after a refusal for money.</summary>
    private async Task<ChatOutcome> AskAsync(GatewayClient gateway, DemoQuestion question, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = await gateway.AskAsync(DemoSetup.Route, question.Prompt, cancellationToken);
            if (outcome.Status != 503 || tries == Tries)
            {
                return outcome;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
