using System.Globalization;
using Spectre.Console;

namespace Cascade.Cli.Demo.Running;

/// <summary>Shows how far each tenant is: bars in a terminal, a few plain lines elsewhere.</summary>
internal static class ProgressDisplay
{
    private const int Parts = 4;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    public static async Task ShowAsync(IAnsiConsole terminal, IReadOnlyList<TenantTally> tallies, int questions, Task work, TimeProvider time)
    {
        if (terminal.Profile.Capabilities.Interactive)
        {
            await ShowBarsAsync(terminal, tallies, questions, work, time);
        }
        else
        {
            await ShowLinesAsync(terminal, tallies, questions, work, time);
        }

        await work;
    }

    private static Task ShowBarsAsync(IAnsiConsole terminal, IReadOnlyList<TenantTally> tallies, int questions, Task work, TimeProvider time) => terminal
        .Progress()
        .AutoClear(true)
        .HideCompleted(false)
        .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new PercentageColumn())
        .StartAsync(async context =>
        {
            var bars = tallies.Select(tally => (tally, bar: context.AddTask(Describe(tally), maxValue: questions))).ToArray();
            for (var running = true; running;)
            {
                running = !work.IsCompleted;
                foreach (var (tally, bar) in bars)
                {
                    bar.Value = tally.Totals.Requests;
                    bar.Description = Describe(tally);
                }

                if (running)
                {
                    await Task.WhenAny(work, Task.Delay(Refresh, time));
                }
            }
        });

    private static async Task ShowLinesAsync(IAnsiConsole terminal, IReadOnlyList<TenantTally> tallies, int questions, Task work, TimeProvider time)
    {
        var all = questions * tallies.Count;
        for (var shown = 0; !work.IsCompleted;)
        {
            await Task.WhenAny(work, Task.Delay(Refresh, time));
            var asked = tallies.Sum(tally => tally.Totals.Requests);
            if (asked * Parts / all > shown)
            {
                shown = asked * Parts / all;
                terminal.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  asked {asked} of {all}"));
            }
        }
    }

    private static string Describe(TenantTally tally)
    {
        var totals = tally.Totals;
        var right = totals.Answered == 0 ? "-" : (100.0 * totals.Right / totals.Answered).ToString("0", CultureInfo.InvariantCulture) + "%";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{tally.Tenant.Name,-8} right {right,4}  spent {Usd.Show(totals.CostNanos, 4)}  refused {totals.Refused,3}");
    }
}
