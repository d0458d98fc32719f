using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using Cascade.Planning.Outcomes;

namespace Cascade.Tests.Evaluation;

/// <summary>Recorded outcomes of nine models with their confidence in their own answers.</summary>
internal static class NineModels
{
    public const string File = "nine_models.csv.gz";

    public static OutcomeTable Read(string directory, string dataset)
    {
        using var file = System.IO.File.OpenRead(Path.Combine(directory, File));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var columns = reader.ReadLine()!.Split(',').Select((name, i) => (name, i)).ToDictionary(c => c.name, c => c.i);
        var builder = new OutcomeTableBuilder();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            string Cell(string name) => cells[columns[name]];
            if (Cell("dataset") != dataset)
            {
                continue;
            }

            var confidence = Cell("conf_logprob");
            var problems = builder.Add(new OutcomeRecord
            {
                QueryId = Cell("query_id"),
                Model = Cell("model"),
                Quality = Number(Cell("correct")),
                CostUsd = Number(Cell("cost_usd")),
                JudgeCostUsd = Math.Max(0, Number(Cell("cost_with_verif_usd")) - Number(Cell("cost_usd"))),
                InputTokens = Number(Cell("input_tokens")),
                OutputTokens = Number(Cell("output_tokens")),
                Signals = [new("confidence", confidence.Length == 0 ? double.NegativeInfinity : Number(confidence))],
            });
            RequireNone(problems);
        }

        return builder.Build();
    }

    private static double Number(string cell) => cell.Length == 0 ? double.NaN : double.Parse(cell, CultureInfo.InvariantCulture);

    private static void RequireNone(ImmutableArray<OutcomeProblem> problems)
    {
        if (!problems.IsEmpty)
        {
            throw new InvalidDataException(string.Join("; ", problems));
        }
    }
}
