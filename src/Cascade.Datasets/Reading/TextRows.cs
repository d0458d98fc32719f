using Cascade.Datasets.Sources;

namespace Cascade.Datasets.Reading;

/// <summary>Gives the queries that have outcomes their texts.</summary>
internal sealed class TextRows(QueryTexts texts, FileScope scope, QueryLedger queries, RowSource rows)
{
    private readonly CellReader _cells = new(scope, rows.Columns);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Missing => [.. new[] { texts.IdColumn, texts.TextColumn }.Where(name => rows.Columns.Find(name) < 0)];

    public bool Reads(int column) => rows.Columns[column] == texts.IdColumn || rows.Columns[column] == texts.TextColumn;

    public void Take(SourceRow row)
    {
        _cells.Begin(row);
        var id = _cells.Text(rows.Columns.Find(texts.IdColumn));
        if (id is null)
        {
            _cells.Problem(texts.IdColumn, "is blank; give the id of the query");
            return;
        }

        if (!queries.Has(id))
        {
            scope.RowsFiltered++;
            return;
        }

        scope.RowsTaken++;
        if (!_seen.Add(queries.Id(id)))
        {
            _cells.Problem(texts.IdColumn, $"'{FileScope.Show(id)}' was there before; keep one row per query");
        }

        if (_cells.Text(rows.Columns.Find(texts.TextColumn)) is { } text && !queries.SetText(id, text))
        {
            _cells.Problem(texts.TextColumn, $"differs from the text that the outcomes have for query '{FileScope.Show(id)}'; keep one of them");
        }
    }
}
