using System.CommandLine;
using Cascade.Cli.Ledgers;

namespace Cascade.Cli.Commands;

internal static class LedgerExportCommand
{
    public static Command Build(CliHost host)
    {
        var storage = new StorageOptions();
        var format = Format();
        var to = new Option<string>("--out") { Description = "The file, which is replaced when it is whole.", HelpName = "FILE", Required = true };
        var account = LedgerOptions.Account();
        var (from, until, zone) = (Period.From(), Period.To(), Period.Zone());
        var command = new Command(
            "export",
            "Writes the entries of all ledgers to a file, budget by budget in their order, with stable columns (docs/formats/ledger-export.md). Caps on one endpoint "
            + $"have ledgers of their own, which say the same spend again: budget_endpoint is empty for the others.\n\n{ExitCodes.Help}")
        { format, to, account, from, until, zone };
        storage.AddTo(command);
        command.SetAction((parsed, cancellationToken) => LedgerSource.ReadAsync(async () =>
        {
            await using var source = await storage.OpenAsync(parsed, host, cancellationToken);
            var wanted = parsed.GetValue(zone)
                ?? (parsed.GetValue(account) is { } top ? (await source.Books.FindAsync(top, cancellationToken))?.TimeZone : null) ?? "UTC";
            var (first, last) = (
                Period.Read("--from", parsed.GetValue(from), wanted, DateTimeOffset.MinValue),
                Period.Read("--to", parsed.GetValue(until), wanted, DateTimeOffset.MaxValue));
            var budgets = await LedgerSource.FindAsync(source.Books, parsed.GetValue(account) ?? "", cancellationToken);
            var rows = 0L;
            await OutputFiles.ReplaceAsync("--out", parsed.GetRequiredValue(to), async stream =>
            {
                await using var writer = ExportWriter.Of(parsed.GetRequiredValue(format), stream);
                foreach (var budget in budgets)
                {
                    await foreach (var entry in source.Books.EntriesAsync(budget, first, cancellationToken))
                    {
                        if (entry.Entry.At >= first && entry.Entry.At < last)
                        {
                            await writer.WriteAsync(ExportRow.Of(budget, entry), cancellationToken);
                            rows++;
                        }
                    }
                }

                await writer.FinishAsync(cancellationToken);
            });
            await host.Errors.WriteLineAsync($"{rows} entries");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static Option<string> Format() => new("--format")
    {
        Description = $"How the file is written: {string.Join(", ", ExportWriter.Formats)}.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => ExportWriter.Formats[0],
        CustomParser = result =>
        {
            var format = result.Tokens[0].Value;
            if (!ExportWriter.Formats.Contains(format))
            {
                result.AddError($"--format is '{format}'; give {string.Join(", ", ExportWriter.Formats)}");
            }

            return format;
        },
    };
}
