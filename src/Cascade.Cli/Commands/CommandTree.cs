using System.CommandLine;

namespace Cascade.Cli.Commands;

/// <summary>The command line as a whole.</summary>
internal static class CommandTree
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, CliHost host)
    {
        var parsed = Build(host).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors.Select(error => error.Message).Distinct())
            {
                await host.Errors.WriteLineAsync($"cascade: {error}");
            }

            await host.Errors.WriteLineAsync($"See '{PathOf(parsed.CommandResult)} --help'.");
            return ExitCodes.BadUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = host.Output, Error = host.Errors, EnableDefaultExceptionHandler = false });
        }
        catch (CliException problem)
        {
            await host.Errors.WriteLineAsync($"cascade: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await host.Errors.WriteLineAsync("cascade: stopped");
            return ExitCodes.Cancelled;
        }
    }

    public static RootCommand Build(CliHost host) => new(
        "The command line of a Cascade cluster: makes API keys, shows what an account has spent, drives a demonstration through the "
        + $"public HTTP API, plans from recorded outcomes, and checks price books.\n\n{ExitCodes.Help}")
    {
        new Command("key", "Makes API keys. The server is configured with their hashes only.") { KeyNewCommand.Build(host) },
        new Command("budget", "Shows what an account may spend and has spent, settles calls of unknown cost, and changes caps for a time.")
        {
            BudgetShowCommand.Build(host),
            BudgetUnconfirmedCommand.Build(host),
            BudgetReconcileCommand.Build(host),
            BudgetOverrideCommand.Build(host),
        },
        new Command("ledger", "Reads the ledgers of a cluster where they are stored: entries, spend, exports, and whether every balance is right.")
        {
            LedgerEntriesCommand.Build(host),
            LedgerSpendCommand.Build(host),
            LedgerExportCommand.Build(host),
            LedgerVerifyCommand.Build(host),
        },
        ModelsCommand.Build(host),
        EndpointsCommand.Build(host),
        new Command("demo", "Prepares and runs the demonstration with three tenants, which ./run.sh puts together.")
        {
            DemoPrepareCommand.Build(host),
            DemoRunCommand.Build(host),
        },
        new Command("plan", "Fits plans on recorded outcomes, shows them and compares them.")
        {
            PlanFitCommand.Build(host),
            PlanShowCommand.Build(host),
            PlanDiffCommand.Build(host),
        },
        new Command("prices", "Checks price books, shows them and compares them.")
        {
            PricesCheckCommand.Build(host),
            PricesShowCommand.Build(host),
            PricesDiffCommand.Build(host),
        },
        EvaluateCommand.Build(host),
        CalibrateCommand.Build(host),
        PaceCommand.Build(host),
        SimulateCommand.Build(host),
    };

    private static string PathOf(System.CommandLine.Parsing.CommandResult command) =>
        command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "cascade";
}
