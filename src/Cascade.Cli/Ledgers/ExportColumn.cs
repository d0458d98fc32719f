using Cascade.Budgets;
using Cascade.Grains.Budgets;

namespace Cascade.Cli.Ledgers;

/// <summary>A row of an export: one entry of one budget.</summary>
internal readonly record struct ExportRow(string Account, string BudgetEndpoint, NumberedEntry Numbered)
{
    public LedgerEntry Entry => Numbered.Entry;

    public static ExportRow Of(string budget, NumberedEntry numbered)
    {
        var hash = budget.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? new ExportRow(budget, "", numbered) : new ExportRow(budget[..hash], budget[(hash + 1)..], numbered);
    }
}

/// <summary>
/// The columns of an export, version 1. Their order and meaning are a contract: new ones are added at the end. Keep in sync with
/// docs/formats/ledger-export.md. Exactly one of the three getters is set.
/// </summary>
internal sealed record ExportColumn(string Name)
{
    public Func<ExportRow, string>? Text { get; private init; }

    public Func<ExportRow, long>? Whole { get; private init; }

    public Func<ExportRow, DateTimeOffset?>? Instant { get; private init; }

    public static IReadOnlyList<ExportColumn> All { get; } =
    [
        OfText("account", r => r.Account),
        OfText("budget_endpoint", r => r.BudgetEndpoint),
        OfWhole("number", r => r.Numbered.Number),
        OfText("kind", r => r.Entry.Kind.ToString()),
        OfInstant("recorded_at", r => r.Entry.RecordedAt),
        OfInstant("at", r => r.Entry.At),
        OfText("operation_id", r => r.Entry.OperationId),
        OfWhole("amount_nanos", r => r.Entry.Amount.Nanos),
        OfWhole("lower_nanos", r => r.Entry.Lower.Nanos),
        OfWhole("upper_nanos", r => r.Entry.Upper.Nanos),
        OfText("endpoint", r => r.Entry.Endpoint),
        OfText("attempt_id", r => r.Entry.AttemptId),
        OfWhole("requests", r => r.Entry.Requests),
        OfWhole("attempts", r => r.Entry.Attempts),
        OfWhole("input_tokens", r => r.Entry.InputTokens),
        OfWhole("output_tokens", r => r.Entry.OutputTokens),
        OfWhole("cached_tokens", r => r.Entry.CachedTokens),
        OfWhole("reasoning_tokens", r => r.Entry.ReasoningTokens),
        OfText("lease_id", r => r.Entry.LeaseId),
        OfWhole("epoch", r => r.Entry.Epoch),
        OfText("holder", r => r.Entry.Holder),
        OfText("beneficiary", r => r.Entry.Beneficiary),
        OfText("window", r => r.Entry.Window == WindowKind.None ? "" : r.Entry.Window.ToString()),
        OfWhole("span_seconds", r => (long)r.Entry.Span.TotalSeconds),
        OfText("time_zone", r => r.Entry.TimeZone),
        OfText("mode", r => r.Entry.Mode == CapMode.None ? "" : r.Entry.Mode.ToString()),
        OfWhole("percent", r => r.Entry.Percent),
        OfText("override_id", r => r.Entry.OverrideId),
        OfInstant("expires_at", r => r.Entry.ExpiresAt),
        OfText("author", r => r.Entry.Author),
        OfText("reason", r => r.Entry.Reason),
    ];

    private static ExportColumn OfText(string name, Func<ExportRow, string> get) => new(name) { Text = get };

    private static ExportColumn OfWhole(string name, Func<ExportRow, long> get) => new(name) { Whole = get };

    private static ExportColumn OfInstant(string name, Func<ExportRow, DateTimeOffset?> get) => new(name) { Instant = get };
}
