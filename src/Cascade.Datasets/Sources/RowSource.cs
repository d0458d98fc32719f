namespace Cascade.Datasets.Sources;

/// <summary>A file as rows. Rows that cannot be read are reported to the file's scope and left out; a fault ends the file.</summary>
internal abstract class RowSource(FileScope scope) : IAsyncDisposable
{
    public ColumnNames Columns { get; } = new();

    public abstract FileFormat Format { get; }

    /// <summary>Whether all columns are known before the first row.</summary>
    public virtual bool HasHeader => true;

    protected FileScope Scope { get; } = scope;

    /// <summary>Reads as far as the first row.</summary>
    public abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>The rows; each is valid until the next is asked for.</summary>
    /// <param name="reads">Whether a column is going to be looked at.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public abstract IAsyncEnumerable<SourceRow> RowsAsync(Func<int, bool> reads, CancellationToken cancellationToken);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected void AddColumn(string name)
    {
        if (Columns.Count >= Scope.Options.MaxColumns)
        {
            throw new FileFault(null, $"has more than {Scope.Options.MaxColumns} columns; raise {nameof(ReadOptions.MaxColumns)} or leave some out");
        }

        if (name.Length == 0)
        {
            Scope.Add(null, null, $"column {Columns.Count + 1} has no name; name it in the header");
        }

        if (!Columns.TryAdd(name))
        {
            throw new FileFault(null, $"has two columns '{FileScope.Show(name)}'; rename one");
        }
    }
}

/// <summary>A row.</summary>
internal abstract class SourceRow
{
    /// <summary>The line on which it begins, or its number, from 1.</summary>
    public long Number { get; protected set; }

    public abstract Cell this[int column] { get; }
}
