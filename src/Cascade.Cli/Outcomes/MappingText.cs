using System.Globalization;
using Cascade.Datasets;

namespace Cascade.Cli.Outcomes;

/// <summary>Which column is what, written as <c>quality=correct,cost=usd,signal:confidence=conf</c>.</summary>
internal sealed record MappingText(OutcomeMapping Columns, string QueriesId, string QueriesText)
{
    public const string Keys =
        "query, model, quality, quality-scale, cost, judge-cost, cost-with-judge, input-tokens, output-tokens, latency, latency-ms, text, task, split, "
        + "signal:NAME, feature, queries-id, queries-text";

    private const string DefaultId = "query_id";
    private const string DefaultText = "text";

    public static MappingText None { get; } = new(OutcomeMapping.Default, DefaultId, DefaultText);

    /// <summary>Reads all pairs; every problem is reported.</summary>
    public static MappingText Parse(IEnumerable<string> pairs, Action<string> problem)
    {
        var mapping = None;
        foreach (var pair in pairs.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var next = equals > 0 && equals < pair.Length - 1 ? mapping.With(pair[..equals], pair[(equals + 1)..]) : null;
            if (next is null)
            {
                problem($"--map holds '{pair}'; give WHAT=COLUMN, where WHAT is one of {Keys}");
            }

            mapping = next ?? mapping;
        }

        return mapping;
    }

    private MappingText? With(string what, string column)
    {
        if (what.StartsWith("signal:", StringComparison.Ordinal))
        {
            return this with { Columns = Columns with { Signals = Columns.Signals.Add(new SignalColumn(what["signal:".Length..], column)) } };
        }

        return what switch
        {
            "queries-id" => this with { QueriesId = column },
            "queries-text" => this with { QueriesText = column },
            "quality-scale" => double.TryParse(column, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale) && scale > 0
                ? this with { Columns = Columns with { QualityScale = scale } }
                : null,
            _ => WithColumn(what, column) is { } columns ? this with { Columns = columns } : null,
        };
    }

    private OutcomeMapping? WithColumn(string what, string column) => what switch
    {
        "query" => Columns with { QueryId = column },
        "model" => Columns with { Model = column },
        "quality" => Columns with { Quality = column },
        "cost" => Columns with { CostUsd = column },
        "judge-cost" => Columns with { JudgeCostUsd = column },
        "cost-with-judge" => Columns with { CostWithJudgeUsd = column },
        "input-tokens" => Columns with { InputTokens = column },
        "output-tokens" => Columns with { OutputTokens = column },
        "latency" => Columns with { LatencySeconds = column },
        "latency-ms" => Columns with { LatencyMilliseconds = column },
        "text" => Columns with { Text = column },
        "task" => Columns with { Task = column },
        "split" => Columns with { Split = column },
        "feature" => Columns with { Features = Columns.Features.Add(column) },
        _ => null,
    };
}
