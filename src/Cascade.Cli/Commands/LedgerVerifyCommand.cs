using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Ledgers;
using Cascade.Grains.Budgets;

namespace Cascade.Cli.Commands;

internal static class LedgerVerifyCommand
{
    public static Command Build(CliHost host)
    {
        var storage = new StorageOptions();
        var (account, json) = (LedgerOptions.Account(), CommonOptions.Json());
        var command = new Command(
            "verify",
            "Works out every balance of every account anew from its entries alone and compares with what is stored; names each difference, each missing, damaged or foreign "
            + $"entry, and each account with entries and no balance. The cluster may run. Ends with 1 when anything contradicts.\n\n{ExitCodes.Help}") { account, json };
        storage.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerSource.ReadAsync(async () =>
        {
            await using var source = await storage.OpenAsync(parsed, host, cancellationToken);
            var checks = new List<LedgerCheck>();
            var (budgets, entries) = (0, 0L);
            foreach (var budget in await LedgerSource.FindAsync(source.Books, parsed.GetValue(account) ?? "", cancellationToken))
            {
                var check = await source.Books.VerifyAsync(budget, cancellationToken);
                budgets++;
                entries += check.Entries;
                if (!check.Problems.IsEmpty || check.BeforeEntries)
                {
                    checks.Add(check);
                }
            }

            await WriteAsync(host, parsed.GetValue(json), budgets, entries, checks, cancellationToken);
            return checks.Exists(c => !c.Problems.IsEmpty) ? ExitCodes.Contradiction : ExitCodes.Done;
        }));
        return command;
    }

    private static async Task WriteAsync(
        CliHost host, bool json, int budgets, long entries, List<LedgerCheck> checks, CancellationToken cancellationToken)
    {
        var (wrong, before) = (checks.Where(c => !c.Problems.IsEmpty).ToList(), checks.Where(c => c.BeforeEntries).Select(c => c.Budget).ToList());
        if (json)
        {
            var body = new { budgets, entries, wrong = wrong.Select(c => new { c.Budget, c.Entries, c.Problems }), before_entries = before };
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(body, CliJson.Options).AsMemory(), cancellationToken);
            return;
        }

        foreach (var check in wrong)
        {
            await host.Output.WriteLineAsync($"{check.Budget}: {check.Problems.Length} problem(s)".AsMemory(), cancellationToken);
            foreach (var problem in check.Problems)
            {
                await host.Output.WriteLineAsync($"  {problem}".AsMemory(), cancellationToken);
            }
        }

        foreach (var budget in before)
        {
            await host.Output.WriteLineAsync($"{budget}: stored before entries were kept; its next change opens its entries".AsMemory(), cancellationToken);
        }

        await host.Output.WriteLineAsync(
            $"{budgets} budgets, {entries} entries: {(wrong.Count == 0 ? "every balance is the sum of its entries" : $"{wrong.Count} budgets contradict their entries")}".AsMemory(),
            cancellationToken);
    }
}
