using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Demo;
using Cascade.Cli.Demo.Preparing;
using Cascade.Cli.Demo.Reporting;
using Cascade.Cli.Demo.Running;

namespace Cascade.Cli.Commands;

internal static class DemoRunCommand
{
    public static Command Build(CliHost host)
    {
        var (url, json) = (CommonOptions.Url(), CommonOptions.Json());
        var folder = CommonOptions.Text(
            "--data", "DIR", "Where 'cascade demo prepare' wrote its files.", DemoPrepareCommand.DefaultFolder);
        var report = CommonOptions.Text("--report", "FILE", "Also write the report as JSON to this file.", "");
        var concurrency = CommonOptions.Whole("--concurrency", "N", "Requests in flight per tenant.", 4, 1, 64);
        var command = new Command(
            "run",
            "Sends the prepared questions through the public HTTP API for three tenants at once: rich, whose cap is far away; tight, whose money the "
            + "cluster has to choose with; and runs-out, whose cap is too small. Then compares what was answered, refused and spent with what must "
            + $"hold, and prints the report.\n\n{ExitCodes.Help}") { url, folder, concurrency, report, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var result = await RunAsync(
                host, parsed.GetRequiredValue(url), parsed.GetValue(folder)!, parsed.GetValue(concurrency), parsed.GetValue(json), cancellationToken);
            if (parsed.GetValue(report) is { Length: > 0 } file)
            {
                await SaveAsync(file, result, cancellationToken);
            }

            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(result, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                ReportWriter.Write(host.Terminal, result, parsed.GetRequiredValue(url));
            }

            return result.Contradictions.Count == 0 ? ExitCodes.Done : ExitCodes.Contradiction;
        });
        return command;
    }

    private static async Task<DemoReport> RunAsync(CliHost host, Uri address, string folder, int concurrency, bool quiet, CancellationToken cancellationToken)
    {
        var plan = DemoPlan.Read(folder);
        var keys = DemoPlan.ReadKeys(folder, plan.Tenants);
        var workload = await WorkloadLoader.LoadAsync(plan.Source, DemoSetup.Read(plan.Config), plan.Questions, cancellationToken);
        var runner = new DemoRunner(address, workload, keys, concurrency, host.Time);
        var tallies = runner.Start(plan.Tenants);
        var started = host.Time.GetTimestamp();
        var work = runner.RunAsync(tallies, cancellationToken);
        await (quiet ? work : ProgressDisplay.ShowAsync(host.Terminal, tallies, plan.Questions, work, host.Time));
        var elapsed = host.Time.GetElapsedTime(started);
        var tenants = new List<TenantReport>();
        foreach (var tally in tallies)
        {
            tenants.Add(ReportBuilder.Tenant(tally, await runner.BudgetAsync(tally.Tenant, cancellationToken)));
        }

        return ReportBuilder.Build(workload, elapsed, tenants);
    }

    private static async Task SaveAsync(string file, DemoReport report, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(report, CliJson.Options) + "\n", cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoInput, $"--report: '{file}' cannot be written ({problem.Message}); give another file", problem);
        }
    }
}
