using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Cli.Html;
using Cascade.Cli.Ledgers;

namespace Cascade.Cli.Commands;

internal static class BudgetUnconfirmedCommand
{
    public static Command Build(CliHost host)
    {
        var storage = new StorageOptions();
        var (account, json) = (LedgerOptions.Account(), CommonOptions.Json());
        var command = new Command(
            "unconfirmed",
            "Lists the provider calls whose cost is open, the oldest first, with the bounds that are held for each and the budgets that hold them. Their ids are what "
            + $"'cascade budget reconcile' takes.\n\n{ExitCodes.Help}") { account, json };
        storage.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerSource.ReadAsync(async () =>
        {
            await using var source = await storage.OpenAsync(parsed, host, cancellationToken);
            var held = await HeldAttempt.ReadAsync(source.Books, parsed.GetValue(account) ?? "", cancellationToken);
            if (parsed.GetValue(json))
            {
                var body = held.Select(h => new
                {
                    h.AttemptId,
                    h.Bounds.Endpoint,
                    LowerUsd = Usd.Exact(h.Bounds.Lower.Nanos),
                    UpperUsd = Usd.Exact(h.Bounds.Upper.Nanos),
                    h.Bounds.At,
                    h.Budgets,
                });
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(body, CliJson.Options).AsMemory(), cancellationToken);
                return ExitCodes.Done;
            }

            var rows = held.Select(h => (IReadOnlyList<string>)
            [
                h.AttemptId,
                h.Bounds.Endpoint,
                Usd.Exact(h.Bounds.Lower.Nanos),
                Usd.Exact(h.Bounds.Upper.Nanos),
                h.Bounds.At.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                string.Join(", ", h.Budgets),
            ]);
            host.Terminal.Write(new TextTable("", ["attempt", "endpoint", "at least", "at most", "since", "held by"], [.. rows]).ForTerminal());
            return ExitCodes.Done;
        }));
        return command;
    }
}
