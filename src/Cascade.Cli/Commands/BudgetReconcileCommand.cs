using System.CommandLine;
using System.Text.Json;
using Cascade.Cli.Ledgers;
using Cascade.Storage;

namespace Cascade.Cli.Commands;

internal static class BudgetReconcileCommand
{
    private const int ShownRows = 50;

    public static Command Build(CliHost host)
    {
        var storage = new StorageOptions();
        var cluster = CommonOptions.Text("--cluster-id", "NAME", "The server's Storage:ClusterId.", "local");
        var attempt = new Option<string>("--attempt") { Description = "The attempt whose cost is known.", HelpName = "ID" };
        var cost = new Option<string>("--cost") { Description = "What it cost, in dollars; 0 when it was not billed.", HelpName = "USD" };
        var file = new Option<string>("--file") { Description = "A file with an attempt and its cost in each row: CSV with a heading, or JSON lines (.jsonl).", HelpName = "FILE" };
        var attemptColumn = CommonOptions.Text("--attempt-column", "NAME", "The file's column of attempts.", "attempt_id");
        var costColumn = CommonOptions.Text("--cost-column", "NAME", "The file's column of costs in dollars.", "cost_usd");
        var beyond = new Option<bool>("--beyond-bounds") { Description = "Believe costs outside the bounds that are held; what is above them overruns the cap." };
        var (dryRun, json) = (new Option<bool>("--dry-run") { Description = "Only say what would become of each row." }, CommonOptions.Json());
        var command = new Command(
            "reconcile",
            "Tells the budgets what calls of unknown cost really cost, one call or a provider's export. Each row has one effect however often it is sent. Rows of calls that "
            + $"are not held are reported and left alone. Ends with 1 when a cost contradicts the ledger.\n\n{ExitCodes.Help}")
        { attempt, cost, file, attemptColumn, costColumn, beyond, dryRun, cluster, json };
        storage.AddTo(command);
        command.Validators.Add(result =>
        {
            var (one, price, many) = (result.ValueOrDefault(attempt), result.ValueOrDefault(cost), result.ValueOrDefault(file));
            if ((many is null) == (one is null) || (one is null) != (price is null))
            {
                result.AddError("give either --attempt with --cost, or --file");
            }
            else if (price is not null && (!Usd.TryParse(price, out var nanos) || nanos < 0))
            {
                result.AddError($"--cost is '{price}'; give dollars, 0 or more");
            }
        });
        command.SetAction((parsed, cancellationToken) => LedgerSource.ReadAsync(async () =>
        {
            var costs = parsed.GetValue(file) is { } path
                ? await KnownCosts.ReadAsync(path, parsed.GetRequiredValue(attemptColumn), parsed.GetRequiredValue(costColumn), cancellationToken)
                : new Dictionary<string, long> { [parsed.GetRequiredValue(attempt)] = Usd.TryParse(parsed.GetValue(cost), out var nanos) ? nanos : 0 };
            var config = storage.ConfigOf(parsed) with { ClusterId = parsed.GetRequiredValue(cluster) };
            await using var source = await LedgerSource.OpenAsync(config, host, cancellationToken);
            await using var link = parsed.GetValue(dryRun) || host.Budgets is not null ? null : await LinkAsync(config, cancellationToken);
            var writer = parsed.GetValue(dryRun) ? null : host.Budgets ?? link;
            var results = await new Reconciler(source.Books, writer, parsed.GetValue(beyond)).RunAsync(costs, cancellationToken);
            await WriteAsync(host, parsed.GetValue(json), parsed.GetValue(dryRun), results, cancellationToken);
            return results.Any(static r => IsContradiction(r.Outcome)) ? ExitCodes.Contradiction : ExitCodes.Done;
        }));
        return command;
    }

    private static Task<ClusterLink> LinkAsync(StorageConfig config, CancellationToken cancellationToken) => config.Mode == StorageMode.Redis
        ? ClusterLink.OpenAsync(config, cancellationToken)
        : throw new CliException(ExitCodes.BadUsage, "--data reads a stopped cluster, which cannot be told anything; give --redis of a running one, or --dry-run");

    private static async Task WriteAsync(
        CliHost host, bool json, bool dryRun, IReadOnlyList<Reconciled> results, CancellationToken cancellationToken)
    {
        int Count(ReconcileOutcome outcome) => results.Count(r => r.Outcome == outcome);
        if (json)
        {
            var body = new
            {
                dryRun,
                reconciled = Count(ReconcileOutcome.Reconciled),
                already = Count(ReconcileOutcome.Already),
                differs = Count(ReconcileOutcome.Differs),
                outOfBounds = Count(ReconcileOutcome.OutOfBounds),
                refused = Count(ReconcileOutcome.Refused),
                unknown = Count(ReconcileOutcome.Unknown),
                rows = results.Select(r => new { r.AttemptId, CostUsd = Usd.Exact(r.CostNanos), r.Outcome, r.Detail }),
            };
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(body, CliJson.Options).AsMemory(), cancellationToken);
            return;
        }

        foreach (var row in results.OrderBy(static r => IsContradiction(r.Outcome) ? 0 : 1).Take(ShownRows))
        {
            await host.Output.WriteLineAsync($"{row.AttemptId} {Usd.Exact(row.CostNanos)} {row.Outcome}: {row.Detail}".AsMemory(), cancellationToken);
        }

        await host.Output.WriteLineAsync(
            ($"{(dryRun ? "would reconcile" : "reconciled")} {Count(ReconcileOutcome.Reconciled)}, known already {Count(ReconcileOutcome.Already)}, known at another cost "
            + $"{Count(ReconcileOutcome.Differs)}, out of bounds {Count(ReconcileOutcome.OutOfBounds)}, refused {Count(ReconcileOutcome.Refused)}, not held {Count(ReconcileOutcome.Unknown)} of {results.Count}").AsMemory(),
            cancellationToken);
    }

    /// <summary>Whether somebody has to look: what was told and what the ledger holds do not fit together.</summary>
    private static bool IsContradiction(ReconcileOutcome outcome) =>
        outcome is ReconcileOutcome.Differs or ReconcileOutcome.OutOfBounds or ReconcileOutcome.Refused;
}
