using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Gateway;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class ModelsCommand
{
    public static Command Build(CliHost host)
    {
        var (url, key, json) = (CommonOptions.Url(), CommonOptions.Key(), CommonOptions.Json());
        var command = new Command("models", $"Lists what a request may name as its model: routes (cascades) and single endpoints.\n\n{ExitCodes.Help}") { url, key, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var gateway = new GatewayClient(parsed.GetRequiredValue(url), CommonOptions.KeyOf(parsed, key));
            var models = await gateway.ModelsAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(models, CliJson.Options).AsMemory(), cancellationToken);
                return ExitCodes.Done;
            }

            var table = new Table().Border(TableBorder.Rounded).AddColumns("model", "kind");
            foreach (var model in models)
            {
                table.AddRow(Markup.Escape(model.Id), model.OwnedBy == "cascade" ? "route" : $"endpoint, {Markup.Escape(model.OwnedBy)}");
            }

            host.Terminal.Write(table);
            return ExitCodes.Done;
        });
        return command;
    }
}
