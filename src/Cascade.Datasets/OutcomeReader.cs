using System.Collections.Immutable;
using Cascade.Datasets.Reading;
using Cascade.Datasets.Sources;

namespace Cascade.Datasets;

/// <summary>Reads recorded outcomes from files. Streams; what it holds is the table, and of a file one record or one row group.</summary>
public static class OutcomeReader
{
    private const int RowsBetweenReports = 4096;

    /// <summary>Reads.</summary>
    /// <param name="source">What to read.</param>
    /// <param name="options">Limits and progress; null for the defaults.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <returns>The outcomes, and what became of every row.</returns>
    /// <exception cref="OutcomeFileException">A file cannot be read, or says something that cannot be; names every problem.</exception>
    public static async Task<OutcomeData> ReadAsync(OutcomeSource source, ReadOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        SourceCheck.Throw(source);
        options ??= new ReadOptions();
        var log = new ProblemLog(options.MaxProblems);
        var held = new HeldSize(options);
        if (source.Agreement is { } agreement)
        {
            held.AddSignal(agreement.Name);
        }

        var collector = new OutcomeCollector(source, held, log);
        var rowsBefore = 0L;
        var files = ImmutableArray.CreateBuilder<FileReport>();
        foreach (var file in source.Files)
        {
            var scope = new FileScope(file.Path, options, log);
            var report = await ReadFileAsync(
                scope,
                held,
                source.Separator,
                rowsBefore,
                rows =>
                {
                    var outcomes = new OutcomeRows(source, file, scope, collector, rows);
                    return new RowSink(outcomes.Take, outcomes.Reads, () => outcomes.Missing);
                },
                cancellationToken);
            rowsBefore += scope.RowsRead;
            if (held.Exceeded is not null)
            {
                log.ThrowIfAny();
            }

            if (report is not null)
            {
                files.Add(report);
            }
        }

        FileReport? texts = null;
        if (source.Texts is { } from)
        {
            var scope = new FileScope(from.Path, options, log);
            texts = await ReadFileAsync(
                scope,
                held,
                source.Separator,
                rowsBefore,
                rows =>
                {
                    var sink = new TextRows(from, scope, collector.Queries, rows);
                    return new RowSink(sink.Take, sink.Reads, () => sink.Missing);
                },
                cancellationToken);
        }

        return collector.Build(files.ToImmutable(), texts);
    }

    private static async Task<FileReport?> ReadFileAsync(
        FileScope scope, HeldSize held, char separator, long rowsBefore, Func<RowSource, RowSink> sinkOf, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await OpenedFile.OpenAsync(scope, separator, cancellationToken);
            var sink = sinkOf(file.Rows);
            if (!file.Rows.HasHeader || !AddMissing(scope, file.Rows, sink))
            {
                await TakeRowsAsync(scope, held, file, rowsBefore, sink, cancellationToken);
            }

            return ReportOf(scope, file, sink);
        }
        catch (FileFault fault)
        {
            scope.Add(fault.Number, null, fault.Message);
        }
        catch (InvalidDataException)
        {
            scope.Add(null, null, $"is damaged or cut off: its gzip content ends or fails after {scope.RowsRead} rows; copy the file again");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            scope.Add(null, null, $"cannot be opened or read: {exception.Message}");
        }

        return null;
    }

    private static async Task TakeRowsAsync(
        FileScope scope, HeldSize held, OpenedFile file, long rowsBefore, RowSink sink, CancellationToken cancellationToken)
    {
        await foreach (var row in file.Rows.RowsAsync(sink.Reads, cancellationToken))
        {
            if (rowsBefore + scope.RowsRead > scope.Options.MaxRows)
            {
                throw new FileFault(row.Number, $"is row {scope.Options.MaxRows + 1}; read fewer files, or raise {nameof(ReadOptions.MaxRows)}");
            }

            sink.Take(row);
            if (held.Exceeded is { } limit)
            {
                throw new FileFault(row.Number, limit);
            }

            if (scope.RowsRead % RowsBetweenReports == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                scope.Options.Progress?.Report(new ReadProgress(scope.Path, file.Position, file.Length, rowsBefore + scope.RowsRead));
            }
        }

        if (!file.Rows.HasHeader)
        {
            AddMissing(scope, file.Rows, sink);
        }
    }

    private static bool AddMissing(FileScope scope, RowSource rows, RowSink sink)
    {
        var missing = sink.Missing();
        foreach (var name in missing.Distinct())
        {
            var has = string.Join(", ", rows.Columns.All.Take(60).Select(FileScope.Show));
            scope.Add(null, name, $"does not exist; map it to one of: {(has.Length == 0 ? "(the file has no columns)" : has)}");
        }

        return missing.Count > 0;
    }

    private static FileReport ReportOf(FileScope scope, OpenedFile file, RowSink sink) => new()
    {
        Path = scope.Path,
        Sha256 = file.Sha256,
        Bytes = file.Length,
        Format = file.Rows.Format,
        Compressed = file.Compressed,
        RowsRead = scope.RowsRead,
        RowsTaken = scope.RowsTaken,
        RowsFiltered = scope.RowsFiltered,
        RowsOfOtherModels = scope.RowsOfOtherModels,
        QualitiesRaised = scope.QualitiesRaised,
        BlankLines = scope.BlankLines,
        Blanks = [.. scope.Blanks.OrderBy(blank => blank.Key, StringComparer.Ordinal)],
        ColumnsNotRead = [.. Enumerable.Range(0, file.Rows.Columns.Count).Where(c => !sink.Reads(c)).Select(c => file.Rows.Columns[c])],
    };

    private sealed record RowSink(Action<SourceRow> Take, Func<int, bool> Reads, Func<IReadOnlyList<string>> Missing);
}
