using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Cli.Prices;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class PricesShowCommand
{
    public static Command Build(CliHost host)
    {
        var (files, json) = (Files(), CommonOptions.Json());
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = "Marks what holds at this moment, for example 2026-07-01T00:00:00Z. Default: now.",
            HelpName = "MOMENT",
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
                {
                    return moment;
                }

                result.AddError($"--at is '{text}'; give a moment, for example 2026-07-01T00:00:00Z");
                return null;
            },
        };
        var command = new Command(
            "show", $"Shows a price book: what each entry charges, in USD per million tokens, and from when.\n\n{ExitCodes.Help}") { files, at, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var book = PriceFiles.Read(parsed.GetRequiredValue(files));
            var moment = parsed.GetValue(at) ?? host.Time.GetUtcNow();
            var rows = book.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => PriceRow.Of(entry.Key, entry.Value, moment)).ToArray();
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(rows, CliJson.Options).AsMemory(), cancellationToken);
                return ExitCodes.Done;
            }

            host.Terminal.Write(Table(rows));
            return ExitCodes.Done;
        });
        return command;
    }

    public static Argument<string[]> Files() => new("files")
    {
        Description = "The files of the price book, YAML or JSON.",
        HelpName = "FILE",
        Arity = ArgumentArity.OneOrMore,
    };

    private static Table Table(IEnumerable<PriceRow> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("entry", "from", "holds", "input", "cached", "written", "output", "reasoning", "fees", "tiers");
        foreach (var row in rows)
        {
            string?[] cells =
            [
                row.Name, row.From?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), row.InEffect ? "yes" : null,
                row.Input, row.CachedInput, row.CacheWrite, row.Output, row.Reasoning, row.Fees, row.Tiers,
            ];
            table.AddRow([.. cells.Select(cell => Markup.Escape(cell ?? ""))]);
        }

        return table;
    }
}
