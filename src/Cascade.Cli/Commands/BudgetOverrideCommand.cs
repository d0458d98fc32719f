using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Cli.Gateway;

namespace Cascade.Cli.Commands;

/// <summary>Changes a cap for a time, or ends such a change.</summary>
internal static class BudgetOverrideCommand
{
    public static Command Build(CliHost host)
    {
        var (url, key, json) = (CommonOptions.Url(), CommonOptions.Key(), CommonOptions.Json());
        var account = new Option<string>("--account") { Description = "The account whose cap is changed.", HelpName = "PATH", Required = true };
        var endpoint = CommonOptions.Text("--endpoint", "NAME", "The endpoint whose cap is changed, for a cap on one endpoint.", "");
        var id = CommonOptions.Text("--id", "NAME", "The override's name; setting one of the same name replaces it. Default: manual.", "manual");
        var window = CommonOptions.Text("--window", "WINDOW", "The window of the cap: hour, day, week, month, total or rolling.", "");
        var mode = CommonOptions.Text("--mode", "MODE", "hard, soft or observe, when the window has several caps.", "");
        var span = CommonOptions.Whole("--span-minutes", "N", "The length of a rolling window, when the budget has several; 0 for the only one.", 0, 0, 366 * 24 * 60);
        var change = CommonOptions.Text("--change-usd", "USD", "What is added to the cap; negative lowers it.", "");
        var lasts = CommonOptions.Whole("--for-minutes", "N", "For how long.", 60, 1, 366 * 24 * 60);
        var end = new Option<bool>("--end") { Description = "End the override before its time." };
        var author = CommonOptions.Text("--author", "WHO", "Who asks for it. Default: the user of this machine.", Environment.UserName);
        var reason = new Option<string>("--reason") { Description = "Why. It is kept in the ledger with the author.", HelpName = "TEXT", Required = true };
        var command = new Command(
            "override",
            $"Changes a cap of an account for a time. The key must be an operator's (Http:AdminKeyHashes).\n\n{ExitCodes.Help}")
        {
            url, key, account, endpoint, id, window, mode, span, change, lasts, end, author, reason, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var ends = parsed.GetValue(end);
            var wish = new OverrideWish
            {
                Account = parsed.GetRequiredValue(account),
                Endpoint = NullIfEmpty(parsed.GetValue(endpoint)),
                Id = parsed.GetRequiredValue(id),
                End = ends,
                Window = ends ? null : NullIfEmpty(parsed.GetValue(window)),
                Mode = ends ? null : NullIfEmpty(parsed.GetValue(mode)),
                SpanSeconds = ends || parsed.GetValue(span) == 0 ? null : parsed.GetValue(span) * 60L,
                ChangeUsd = ends ? null : NullIfEmpty(parsed.GetValue(change)),
                ExpiresInSeconds = ends ? null : parsed.GetValue(lasts) * 60L,
                Author = parsed.GetRequiredValue(author),
                Reason = parsed.GetRequiredValue(reason),
            };
            using var gateway = new GatewayClient(parsed.GetRequiredValue(url), CommonOptions.KeyOf(parsed, key));
            var view = await gateway.OverrideAsync(wish, cancellationToken);
            await host.Output.WriteLineAsync((parsed.GetValue(json) ? JsonSerializer.Serialize(view, CliJson.Options) : Describe(view)).AsMemory(), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string Describe(OverrideView view) => view.Ended
        ? $"override '{view.Id}' of {view.Account} has ended; the cap is {view.LimitUsd} USD"
        : string.Create(CultureInfo.InvariantCulture, $"the cap of {view.Account} is {view.LimitUsd} USD until {view.ExpiresAt:yyyy-MM-dd HH:mm:ss zzz} ('{view.Id}')");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
