using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cascade.Cli.Ledgers;

/// <summary>What a provider says that attempts cost: a file of rows with an attempt's id and its cost in dollars.</summary>
internal static class KnownCosts
{
    /// <summary>Rows of one file; they are in memory at once.</summary>
    public const int MaxRows = 5_000_000;

    private const int MaxProblems = 20;

    /// <param name="path">CSV with a heading, or JSON lines when the name ends in <c>.jsonl</c> or <c>.ndjson</c>.</param>
    /// <param name="attemptColumn">The column with the attempt's id.</param>
    /// <param name="costColumn">The column with the cost.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The cost in nano-dollars by attempt.</returns>
    /// <exception cref="CliException">Rows cannot be used; up to 20 are named.</exception>
    public static async Task<IReadOnlyDictionary<string, long>> ReadAsync(string path, string attemptColumn, string costColumn, CancellationToken cancellationToken)
    {
        var costs = new Dictionary<string, long>(StringComparer.Ordinal);
        var problems = new List<string>();
        var isJson = path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".ndjson", StringComparison.OrdinalIgnoreCase);
        try
        {
            var number = 0L;
            int[]? columns = null;
            await foreach (var line in File.ReadLinesAsync(path, cancellationToken))
            {
                number++;
                if (string.IsNullOrWhiteSpace(line))
                {
                    continue;
                }

                if (!isJson && columns is null)
                {
                    columns = Columns(path, CsvLine.Split(line) ?? [], attemptColumn, costColumn);
                    continue;
                }

                var (attempt, cost) = isJson ? FromJson(line, attemptColumn, costColumn) : FromCsv(line, columns!);
                if (Add(costs, attempt, cost) is { } problem && problems.Count < MaxProblems)
                {
                    problems.Add($"line {number}: {problem}");
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoInput, $"--file: '{path}' cannot be read ({problem.Message}); give a CSV file or JSON lines", problem);
        }

        return problems.Count == 0 ? costs : throw new CliException(ExitCodes.BadData, $"--file: '{path}' cannot be used:\n{string.Join('\n', problems)}");
    }

    private static int[] Columns(string path, IReadOnlyList<string> heading, string attemptColumn, string costColumn)
    {
        int[] columns = [heading.ToList().IndexOf(attemptColumn), heading.ToList().IndexOf(costColumn)];
        return columns.Min() >= 0
            ? columns
            : throw new CliException(
                ExitCodes.BadData,
                $"--file: the first line of '{path}' has no column '{(columns[0] < 0 ? attemptColumn : costColumn)}'; it has {string.Join(", ", heading)}; name the right ones by --attempt-column and --cost-column");
    }

    private static (string? Attempt, string? Cost) FromCsv(string line, int[] columns) =>
        CsvLine.Split(line) is { } cells && columns.Max() < cells.Count ? (cells[columns[0]], cells[columns[1]]) : (null, null);

    private static (string? Attempt, string? Cost) FromJson(string line, string attemptColumn, string costColumn)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object ? (Text(attemptColumn), Text(costColumn)) : (null, null);

            string? Text(string name) => document.RootElement.TryGetProperty(name, out var value) ? value.ToString() : null;
        }
        catch (JsonException)
        {
            // Reported with its line by the caller, like a line of CSV that is none.
            return (null, null);
        }
    }

    /// <summary>Programs write small costs with an exponent.</summary>
    private static string Plain(string cost) => decimal.TryParse(cost, NumberStyles.Float, CultureInfo.InvariantCulture, out var usd)
        ? usd.ToString(CultureInfo.InvariantCulture)
        : cost;

    private static string? Add(Dictionary<string, long> costs, string? attempt, string? cost)
    {
        if (string.IsNullOrEmpty(attempt) || cost is null)
        {
            return "has no attempt or no cost";
        }

        if (!Usd.TryParse(Plain(cost), out var nanos) || nanos < 0)
        {
            return $"the cost of '{attempt}' is '{cost}'; give dollars, 0 or more";
        }

        if (costs.TryGetValue(attempt, out var known))
        {
            return known == nanos ? null : $"'{attempt}' costs {Usd.Exact(nanos)} here and {Usd.Exact(known)} before";
        }

        costs.Add(attempt, nanos);
        return costs.Count > MaxRows ? $"the file has more than {MaxRows} attempts; split it" : null;
    }
}

/// <summary>One line of RFC 4180; a value may not go over several lines.</summary>
internal static class CsvLine
{
    /// <returns>The values; null when a quote is not closed.</returns>
    public static IReadOnlyList<string>? Split(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                cell.Append('"');
                i++;
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(line[i]);
            }
        }

        cells.Add(cell.ToString());
        return quoted ? null : cells;
    }
}
