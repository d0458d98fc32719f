using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Cli.Progress;
using Cascade.Simulation;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class SimulateCommand
{
    private const int MostTraceLines = 60;

    public static Command Build(CliHost host)
    {
        var json = CommonOptions.Json();
        var seeds = CommonOptions.Whole("--seeds", "N", "How many seeds to run.", 100, 1, 100_000_000);
        var seed = CommonOptions.Whole("--seed", "S", "The first seed; a failure is repeated by its own.", 1, 0, int.MaxValue);
        var steps = CommonOptions.Whole("--steps", "N", "Steps of a run.", 200, 1, 100_000);
        var workers = CommonOptions.Whole("--workers", "N", "Runs at the same time.", 1, 1, 256);
        var plant = new Option<string>("--plant")
        {
            Description = $"Plants a bug, to see it found: {string.Join(", ", Simulator.Plants)}.",
            HelpName = "NAME",
            DefaultValueFactory = _ => "",
        };
        plant.AcceptOnlyFromAmong([.. Simulator.Plants]);
        var command = new Command(
            "simulate",
            "Runs the budget system in simulated worlds under crashes, pauses, lost and doubled messages, failing storage, duplicate activations and wrong clocks, "
            + $"and compares every attempt with the provider's bills. The same seed does the same.\n\n{ExitCodes.Help}") { seeds, seed, steps, plant, workers, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new SimulationOptions
            {
                FirstSeed = (ulong)parsed.GetValue(seed),
                Seeds = parsed.GetValue(seeds),
                Steps = parsed.GetValue(steps),
                Plant = parsed.GetValue(plant) ?? "",
                Workers = parsed.GetValue(workers),
            };
            var report = await RunAsync(host, options, cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                Write(host.Terminal, report);
            }

            return report.Failures.IsEmpty ? ExitCodes.Done : ExitCodes.Contradiction;
        });
        return command;
    }

    private static Task<SimulationReport> RunAsync(CliHost host, SimulationOptions options, CancellationToken cancellationToken) => WorkProgress.RunAsync(
        host,
        "simulate",
        (progress, token) =>
        {
            progress.Report(new WorkStep($"{options.Seeds} seeds of {options.Steps} steps", 0, options.Seeds));
            var runs = new Counter(done => progress.Report(new WorkStep($"{options.Seeds} seeds of {options.Steps} steps", done, options.Seeds)));
            return Task.FromResult(Simulator.Run(options, runs, token));
        },
        cancellationToken);

    private static void Write(IAnsiConsole terminal, SimulationReport report)
    {
        foreach (var failure in report.Failures)
        {
            terminal.WriteLine($"seed {failure.Seed.ToString(CultureInfo.InvariantCulture)}: {failure.Problem}");
            terminal.WriteLine($"steps that it needs ({failure.SmallestSteps.Length}):");
            foreach (var step in failure.SmallestSteps)
            {
                terminal.WriteLine($"  {step}");
            }

            terminal.WriteLine("what happens at the end of them:");
            foreach (var line in failure.Trace.TakeLast(MostTraceLines))
            {
                terminal.WriteLine($"  {line}");
            }
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns("met", "times");
        table.Columns[1].RightAligned();
        foreach (var (what, count) in report.Coverage)
        {
            table.AddRow(Markup.Escape(what), count.ToString("N0", CultureInfo.InvariantCulture));
        }

        terminal.Write(table);
        terminal.WriteLine($"{report.Seeds} seeds of {report.Steps} steps, {report.Failures.Length} failed, hash {report.Hash}");
    }

    private sealed class Counter(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
