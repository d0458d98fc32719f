using System.Globalization;

using Cascade.Contracts;
using Cascade.Grains.Budgets;

using Microsoft.Extensions.DependencyInjection;

namespace Cascade.Benchmarks.Accounts;

/// <summary>
/// What many accounts that come and go cost one silo: each sends one request, is settled, and lies idle. Storage keeps nothing, so that the
/// memory is the silo's own.
/// </summary>
internal static class AccountsLoad
{
    internal const string Usage = "accounts [--count 100000] [--callers 64] [--purse-idle 300]";

    /// <summary>Seconds for which an agent remembers an idle account unless told otherwise: longer than most runs.</summary>
    private const int WholeRun = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    internal static async Task<int> RunAsync(string[] args)
    {
        var (count, callers, purseIdle) = Parse(args);
        using var host = BenchSilo.Build(options => options.PurseIdle = TimeSpan.FromSeconds(purseIdle));
        await host.StartAsync();
        var router = host.Services.GetRequiredService<IGrainFactory>().GetGrain<ICascadeRouterGrain>(0);
        var agent = host.Services.GetRequiredService<BudgetAgent>();
        await BenchSilo.AskAsync(router, 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var started = TimeProvider.System.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = callers };
        await Parallel.ForEachAsync(Enumerable.Range(1, count), options, async (customer, _) => await BenchSilo.AskAsync(router, customer));
        var served = TimeProvider.System.GetElapsedTime(started);
        while (agent.LeaseCount > 1 && TimeProvider.System.GetElapsedTime(started) < Patience)
            await Task.Delay(Pause, TimeProvider.System);

        var settled = agent.LeaseCount <= 1;
        await Task.Delay(TimeSpan.FromSeconds(purseIdle < WholeRun ? 2 * purseIdle : 0), TimeProvider.System);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} accounts served in {served.TotalSeconds:F1} s, all settled and given back: {settled}; {bytes:F0} bytes each while active and idle "
            + $"({agent.PurseCount} remembered by the agent); largest working set {PeakMebibytes()} MiB"));
        await host.StopAsync();
        return settled ? 0 : 1;
    }

    private static (int Count, int Callers, int PurseIdle) Parse(ReadOnlySpan<string> args)
    {
        var (count, callers, purseIdle) = (100_000, 64, WholeRun);
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var value = int.Parse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture);
            (count, callers, purseIdle) = args[i] switch
            {
                "--count" => (value, callers, purseIdle),
                "--callers" => (count, value, purseIdle),
                "--purse-idle" => (count, callers, value),
                _ => throw new ArgumentException(Usage),
            };
        }

        return args.Length % 2 == 0 ? (count, callers, purseIdle) : throw new ArgumentException(Usage);
    }

    /// <summary>The largest working set so far, as the kernel counted it; 0 where it does not say.</summary>
    private static long PeakMebibytes()
    {
        const string Status = "/proc/self/status";
        const string Key = "VmHWM:";
        var line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(static l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line[Key.Length..^2].Trim(), CultureInfo.InvariantCulture) >> 10;
    }
}
