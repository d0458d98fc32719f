using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Budgets;
using Cascade.Cli.Html;
using Cascade.Cli.Ledgers;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class LedgerSpendCommand
{
    private const string RunDimension = "run";

    private static readonly Dictionary<string, SpendDimensions> Dimensions = new(StringComparer.Ordinal)
    {
        ["account"] = SpendDimensions.Account,
        ["model"] = SpendDimensions.Model,
        ["day"] = SpendDimensions.Day,
        ["month"] = SpendDimensions.Month,
        [RunDimension] = SpendDimensions.Account,
    };

    public static Command Build(CliHost host)
    {
        var storage = new StorageOptions();
        var by = CommonOptions.Text(
            "--by", "LIST", "By what spend is told apart: account, model, day, month, run (accounts with none below), or several joined by a comma.", "account");
        var account = LedgerOptions.Account();
        var (from, to, zone, json) = (Period.From(), Period.To(), Period.Zone(), CommonOptions.Json());
        var command = new Command(
            "spend",
            "Tells what was spent, from the entries of the ledgers, read from storage. An account includes all accounts below it. What a report has not booked yet is "
            + $"not told; calls of unknown cost count when they are reconciled or booked, in the time they were made.\n\n{ExitCodes.Help}") { by, account, from, to, zone, json };
        storage.AddTo(command);
        command.Validators.Add(result =>
        {
            if (Problem(result.ValueOrDefault(by) ?? "account") is { } problem)
            {
                result.AddError(problem);
            }
        });
        command.SetAction((parsed, cancellationToken) => LedgerSource.ReadAsync(async () =>
        {
            await using var source = await storage.OpenAsync(parsed, host, cancellationToken);
            var names = parsed.GetRequiredValue(by).Split(',');
            var scope = new SpendScope
            {
                Account = parsed.GetValue(account) ?? "",
                By = names.Aggregate(SpendDimensions.None, (all, name) => all | Dimensions[name]),
                LeavesOnly = names.Contains(RunDimension),
                From = parsed.GetValue(from),
                To = parsed.GetValue(to),
                TimeZone = parsed.GetValue(zone),
            };
            var report = await SpendReport.MakeAsync(source.Books, scope, host.Time.GetUtcNow(), cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(Body(report), CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                Show(host.Terminal, scope.By, report);
            }

            return ExitCodes.Done;
        }));
        return command;
    }

    private static string? Problem(string by)
    {
        var names = by.Split(',');
        if (names.FirstOrDefault(name => !Dimensions.ContainsKey(name)) is { } unknown)
        {
            return $"--by has '{unknown}'; give account, model, day, month or run, joined by a comma";
        }

        return (names.Contains("day") && names.Contains("month")) || (names.Contains("account") && names.Contains(RunDimension))
            ? "--by takes only one of day and month, and only one of account and run"
            : null;
    }

    private static object Body(SpendReport report) => new
    {
        report.TimeZone,
        From = report.From == DateTimeOffset.MinValue ? (DateTimeOffset?)null : report.From,
        report.To,
        Rows = report.Rows.Select(row => new
        {
            row.Group.Account,
            row.Group.Period,
            Model = row.Group.Endpoint,
            CostUsd = Usd.Exact(row.Sum.Amount.Nanos),
            row.Sum.Requests,
            row.Sum.Attempts,
            InputTokens = row.Sum.Tokens.Input,
            OutputTokens = row.Sum.Tokens.Output,
            CachedTokens = row.Sum.Tokens.Cached,
            ReasoningTokens = row.Sum.Tokens.Reasoning,
        }),
        TotalUsd = Usd.Exact(report.Total.Amount.Nanos),
        report.Total.Requests,
    };

    private static void Show(IAnsiConsole terminal, SpendDimensions by, SpendReport report)
    {
        var columns = new List<(string Heading, Func<SpendRow, string> Cell)>();
        if (by.HasFlag(SpendDimensions.Account))
        {
            columns.Add(("account", row => row.Group.Account));
        }

        if (by.HasFlag(SpendDimensions.Day) || by.HasFlag(SpendDimensions.Month))
        {
            var format = by.HasFlag(SpendDimensions.Day) ? "yyyy-MM-dd" : "yyyy-MM";
            columns.Add((by.HasFlag(SpendDimensions.Day) ? "day" : "month", row => row.Group.Period?.ToString(format, CultureInfo.InvariantCulture) ?? ""));
        }

        if (by.HasFlag(SpendDimensions.Model))
        {
            columns.Add(("model", row => row.Group.Endpoint.Length > 0 ? row.Group.Endpoint : "-"));
        }

        var decimals = Usd.Decimals(report.Rows.Select(row => row.Sum.Amount.Nanos));
        columns.Add(("spent", row => Usd.Show(row.Sum.Amount.Nanos, decimals)));
        columns.Add(("requests", row => Whole(row.Sum.Requests)));
        columns.Add(("calls", row => Whole(row.Sum.Attempts)));
        columns.Add(("tokens in", row => Whole(row.Sum.Tokens.Input)));
        columns.Add(("tokens out", row => Whole(row.Sum.Tokens.Output)));
        terminal.Write(new TextTable("", [.. columns.Select(c => c.Heading)], [.. report.Rows.Select(row => columns.Select(c => c.Cell(row)).ToList())]).ForTerminal());
        terminal.MarkupLineInterpolated($"in all {Usd.Show(report.Total.Amount.Nanos)} in {report.Total.Requests} requests, days of {report.TimeZone}");
    }

    private static string Whole(long number) => number.ToString(CultureInfo.InvariantCulture);
}
