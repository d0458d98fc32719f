using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Cascade.Cli.Gateway;
using Spectre.Console;

namespace Cascade.Cli.Commands;

internal static class EndpointsCommand
{
    public static Command Build(CliHost host)
    {
        var (url, key, json) = (CommonOptions.Url(), CommonOptions.Key(), CommonOptions.Json());
        var command = new Command("endpoints", $"Shows how busy and how well every endpoint is, for the cluster as a whole.\n\n{ExitCodes.Help}") { url, key, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var gateway = new GatewayClient(parsed.GetRequiredValue(url), CommonOptions.KeyOf(parsed, key));
            var endpoints = await gateway.EndpointsAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(endpoints, CliJson.Options).AsMemory(), cancellationToken);
            }
            else
            {
                Show(endpoints, host.Terminal);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void Show(IReadOnlyList<EndpointView> endpoints, IAnsiConsole terminal)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("endpoint", "group", "state");
        foreach (var heading in (string[])["in flight", "calls/min", "tokens/min", "tokens open", "congestion"])
        {
            table.AddColumn(new TableColumn(heading).RightAligned());
        }

        foreach (var endpoint in endpoints)
        {
            table.AddRow(
                Markup.Escape(endpoint.Id),
                Markup.Escape(endpoint.Group),
                State(endpoint),
                Of(endpoint.WantedInFlight, endpoint.LimitInFlight) + (endpoint.LimitInFlight < endpoint.MaxInFlight ? $" (most {Text(endpoint.MaxInFlight)})" : ""),
                Of(endpoint.RequestsInMinute, endpoint.RequestsPerMinute) + Left(endpoint.ProviderRequestsLeft),
                Of(endpoint.TokensInMinute, endpoint.TokensPerMinute) + Left(endpoint.ProviderTokensLeft),
                Text(endpoint.OutstandingTokens),
                endpoint.CongestionPrice.ToString("0.######", CultureInfo.InvariantCulture));
        }

        terminal.Write(table);
    }

    private static string State(EndpointView endpoint)
    {
        string[] states =
        [
            endpoint.Circuit == "open" ? "out" : "",
            endpoint.PausedSeconds > 0 ? string.Create(CultureInfo.InvariantCulture, $"paused {endpoint.PausedSeconds:0.#} s") : "",
            endpoint.EjectedBySilos > 0 ? string.Create(CultureInfo.InvariantCulture, $"ejected by {endpoint.EjectedBySilos} silos") : "",
        ];
        var text = string.Join(", ", states.Where(static s => s.Length > 0));
        return text.Length > 0 ? text : "in use";
    }

    private static string Of(long used, long? limit) => limit is { } most ? $"{Text(used)} of {Text(most)}" : Text(used);

    private static string Left(long? left) => left is { } some ? $", provider has {Text(some)}" : "";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
