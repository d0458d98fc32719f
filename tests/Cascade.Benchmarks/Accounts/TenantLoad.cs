using System.Globalization;

using Cascade.Contracts;

using Microsoft.Extensions.DependencyInjection;

namespace Cascade.Benchmarks.Accounts;

/// <summary>One account that sends requests without a pause: how many a silo serves, and how often budgets and endpoints are called for them.</summary>
internal static class TenantLoad
{
    internal const string Usage = "tenant [--seconds 10] [--callers 64]";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    internal static async Task<int> RunAsync(string[] args)
    {
        var (seconds, callers) = args switch
        {
            [] => (10, 64),
            ["--seconds", var s] => (Number(s), 64),
            ["--callers", var c] => (10, Number(c)),
            ["--seconds", var s, "--callers", var c] => (Number(s), Number(c)),
            _ => throw new ArgumentException(Usage),
        };
        using var host = BenchSilo.Build(static options => options.LeaseIdle = TimeSpan.FromSeconds(10));
        await host.StartAsync();
        var router = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICascadeRouterGrain>(0);
        using var stop = new CancellationTokenSource();
        var served = 0L;
        var running = Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await BenchSilo.AskAsync(router, 0);
                Interlocked.Increment(ref served);
            }
        })).ToArray();
        await Task.Delay(WarmUp, TimeProvider.System);
        var (before, calls, started) = (Interlocked.Read(ref served), CountingFilter.Calls, TimeProvider.System.GetTimestamp());
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        var requests = Interlocked.Read(ref served) - before;
        calls = CountingFilter.Calls - calls;
        var elapsed = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(running);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{callers} callers, {elapsed:F1} s: {requests / elapsed:F0} requests/s, {1_000d * calls / requests:F2} calls to budgets and endpoints per 1,000 requests"));
        await host.StopAsync();
        return 0;
    }

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
