using System.CommandLine;
using System.Globalization;
using System.Text;
using Cascade.Budgets;
using Cascade.Cli.Ledgers;
using Cascade.Contracts;
using Cascade.Grains.Budgets;

namespace Cascade.Cli.Commands;

internal static class LedgerEntriesCommand
{
    private const int Standard = 100;

    public static Command Build(CliHost host)
    {
        var storage = new StorageOptions();
        var budget = new Argument<string>("budget") { Description = "The budget: an account, or ACCOUNT#ENDPOINT for its cap on one endpoint.", HelpName = "BUDGET" };
        var (from, to, zone, json) = (Period.From(), Period.To(), Period.Zone(), CommonOptions.Json());
        var most = CommonOptions.Whole("--last", "N", "How many of them to show, the latest.", Standard, 1, 1_000_000);
        var command = new Command("entries", $"Shows the latest entries of one ledger in their order.\n\n{ExitCodes.Help}") { budget, from, to, zone, most, json };
        storage.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(budget) is { } key && !BudgetKey.TryParse(key, out _, out var problem))
            {
                result.AddError(problem);
            }
        });
        command.SetAction((parsed, cancellationToken) => LedgerSource.ReadAsync(async () =>
        {
            await using var source = await storage.OpenAsync(parsed, host, cancellationToken);
            var key = parsed.GetRequiredValue(budget);
            var local = parsed.GetValue(zone) ?? (await source.Books.FindAsync(key, cancellationToken))?.TimeZone ?? "UTC";
            var first = Period.Read("--from", parsed.GetValue(from), local, DateTimeOffset.MinValue);
            var last = Period.Read("--to", parsed.GetValue(to), local, DateTimeOffset.MaxValue);
            var latest = new Queue<NumberedEntry>();
            await foreach (var entry in source.Books.EntriesAsync(key, first, cancellationToken))
            {
                if (entry.Entry.At >= first && entry.Entry.At < last)
                {
                    latest.Enqueue(entry);
                    if (latest.Count > parsed.GetValue(most))
                    {
                        latest.Dequeue();
                    }
                }
            }

            await WriteAsync(host, parsed.GetValue(json), key, latest, cancellationToken);
            return ExitCodes.Done;
        }));
        return command;
    }

    private static async Task WriteAsync(CliHost host, bool json, string budget, IEnumerable<NumberedEntry> entries, CancellationToken cancellationToken)
    {
        if (!json)
        {
            foreach (var entry in entries)
            {
                await host.Output.WriteLineAsync(Line(entry).AsMemory(), cancellationToken);
            }

            return;
        }

        using var stream = new MemoryStream();
        await using (var writer = new JsonlWriter(stream))
        {
            foreach (var entry in entries)
            {
                await writer.WriteAsync(ExportRow.Of(budget, entry), cancellationToken);
            }

            await writer.FinishAsync(cancellationToken);
        }

        await host.Output.WriteAsync(Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length).AsMemory(), cancellationToken);
    }

    private static string Line(NumberedEntry numbered)
    {
        var entry = numbered.Entry;
        var line = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture, $"{numbered.Number,8} {entry.RecordedAt:yyyy-MM-dd HH:mm:ss} {entry.Kind,-13} {Usd.Exact(entry.Amount.Nanos)}"));
        Add("bounds", entry.Upper == Money.Zero ? "" : $"{Usd.Exact(entry.Lower.Nanos)}..{Usd.Exact(entry.Upper.Nanos)}");
        Add("at", entry.At == entry.RecordedAt ? "" : entry.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        Add("endpoint", entry.Endpoint);
        Add("calls", entry.Attempts == 0 ? "" : entry.Attempts.ToString(CultureInfo.InvariantCulture));
        Add("requests", entry.Requests == 0 ? "" : entry.Requests.ToString(CultureInfo.InvariantCulture));
        Add("attempt", entry.AttemptId);
        Add("lease", entry.LeaseId);
        Add("window", entry.Window == WindowKind.None ? "" : $"{entry.Mode} {entry.Window}");
        Add("override", entry.OverrideId);
        Add("by", entry.Author);
        Add("because", entry.Reason);
        return line.ToString();

        void Add(string name, string value)
        {
            if (value.Length > 0)
            {
                line.Append(' ').Append(name).Append('=').Append(value);
            }
        }
    }
}
