using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Cli.Gateway;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class BudgetShowCommand
{
    public static Command Build(CliHost host)
    {
        var (url, key, json) = (CommonOptions.Url(), CommonOptions.Key(), CommonOptions.Json());
        var collect = new Option<bool>("--collect") { Description = "Ask every silo for its latest spend first." };
        var history = new Option<bool>("--history") { Description = "Show how the shadow price moved lately." };
        var command = new Command("show", $"Shows the account of a key: its windows, spend and shadow price.\n\n{ExitCodes.Help}") { url, key, collect, history, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var gateway = new GatewayClient(parsed.GetRequiredValue(url), CommonOptions.KeyOf(parsed, key));
            var budget = await gateway.BudgetAsync(parsed.GetValue(collect), parsed.GetValue(history), cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(budget, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                Show(budget, host.Terminal);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(BudgetView budget, IAnsiConsole terminal)
    {
        var table = new Table().Border(TableBorder.Rounded).Title($"account {Markup.Escape(budget.Account)}");
        foreach (var heading in (string[])["window", "cap", "spent", "left", "resets"])
        {
            table.AddColumn(heading == "window" ? new TableColumn(heading) : new TableColumn(heading).RightAligned());
        }

        foreach (var window in budget.Windows)
        {
            table.AddRow(
                window.Hard ? window.Window : $"{window.Window} ({(window.Mode.Length > 0 ? window.Mode : "soft")})",
                Amount(window.CapUsd),
                Amount(window.SettledUsd),
                Amount(window.RemainingUsd),
                window.ResetsAt?.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture) ?? "never");
        }

        terminal.Write(table);
        terminal.MarkupLineInterpolated(
            $"settled {Amount(budget.SettledUsd)} in {budget.Requests} requests, unconfirmed at most {Amount(budget.UnconfirmedUpperUsd)}, on lease {Amount(budget.LeasedUsd)}, overrun {Amount(budget.OverrunUsd)}");
        terminal.MarkupLineInterpolated($"shadow price {budget.ShadowPrice.ToString("0.##", CultureInfo.InvariantCulture)} right answers per dollar");
        if (budget.PriceHistory is { Count: > 0 } points)
        {
            ShowHistory(points, terminal);
        }
    }

    private static void ShowHistory(IReadOnlyList<PriceView> points, IAnsiConsole terminal)
    {
        var table = new Table().Border(TableBorder.Rounded).Title("shadow price");
        table.AddColumn("at").AddColumn(new TableColumn("price").RightAligned());
        table.AddColumn(new TableColumn("spent").RightAligned()).AddColumn(new TableColumn("left").RightAligned());
        foreach (var point in points)
        {
            table.AddRow(
                point.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                point.ShadowPrice.ToString("0.##", CultureInfo.InvariantCulture),
                Amount(point.SettledUsd),
                Amount(point.RemainingUsd));
        }

        terminal.Write(table);
    }

    private static string Amount(string usd) => Usd.TryParse(usd, out var nanos) ? Usd.Show(nanos) : usd;
}
