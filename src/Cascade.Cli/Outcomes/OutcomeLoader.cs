using System.Collections.Immutable;
using System.Globalization;
using Cascade.Cli.Progress;
using Cascade.Datasets;
using Cascade.Planning.Outcomes;

namespace Cascade.Cli.Outcomes;

/// <summary>Reads the outcomes that a command line asks for.</summary>
internal static class OutcomeLoader
{
    /// <summary>Models that lack more outcomes than this share of the queries cost more rows than they are worth.</summary>
    private const double LeastShareOfOutcomes = 0.9;

    public static async Task<ImmutableArray<LoadedOutcomes>> LoadAsync(OutcomeRequest request, IProgress<WorkStep> progress, CancellationToken cancellationToken)
    {
        var loaded = ImmutableArray.CreateBuilder<LoadedOutcomes>();
        if (!request.Files.IsEmpty)
        {
            loaded.Add(await LoadFilesAsync(request, progress, cancellationToken));
        }

        foreach (var name in request.Known)
        {
            loaded.Add(await LoadKnownAsync(name, request, progress, cancellationToken));
        }

        return loaded.ToImmutable();
    }

    public static async Task<LoadedOutcomes> LoadKnownAsync(
        string name, OutcomeRequest request, IProgress<WorkStep> progress, CancellationToken cancellationToken)
    {
        var known = KnownDatasets.Find(name) ?? throw new CliException(
            ExitCodes.BadUsage, $"--dataset is '{name}'; give one of {string.Join(", ", KnownDatasets.All.Select(k => k.Name))}");
        var folder = KnownDatasets.Folder();
        if (known.MissingIn(folder) is { IsEmpty: false } missing)
        {
            throw new CliException(
                ExitCodes.NoInput,
                $"--dataset {name}: {string.Join(", ", missing)} not found; set {KnownDatasets.FolderVariable} to the folder that has the data sets");
        }

        var source = known.In(folder);
        var data = await ReadAsync(
            name, source with { Filters = [.. source.Filters, .. request.Filters], Models = request.Models }, progress, cancellationToken);
        return Divide(name, data, known.PublishedSplits, request) with { Description = known.Description, CostsAreDollars = known.CostsAreDollars };
    }

    private static async Task<LoadedOutcomes> LoadFilesAsync(OutcomeRequest request, IProgress<WorkStep> progress, CancellationToken cancellationToken)
    {
        var source = OutcomeSource.Of(request.Files) with
        {
            Mapping = request.Mapping.Columns,
            Filters = request.Filters,
            Models = request.Models,
            Texts = request.Queries is { } queries
                ? new QueryTexts(queries) { IdColumn = request.Mapping.QueriesId, TextColumn = request.Mapping.QueriesText }
                : null,
        };
        var name = string.Join(" + ", request.Files.Select(file => Path.GetFileName(file)));
        return Divide(name, await ReadAsync(name, source, progress, cancellationToken), null, request);
    }

    private static async Task<OutcomeData> ReadAsync(string name, OutcomeSource source, IProgress<WorkStep> progress, CancellationToken cancellationToken)
    {
        progress.Report(new WorkStep($"reading {name}", 0, 1));
        var report = new Relay(step => progress.Report(new WorkStep($"reading {name}", step.BytesRead, Math.Max(1, step.BytesTotal))));
        try
        {
            return await OutcomeReader.ReadAsync(source, new ReadOptions { Progress = report }, cancellationToken);
        }
        catch (OutcomeFileException problem)
        {
            throw new CliException(ExitCodes.NoInput, problem.Message, problem);
        }
    }

    private static LoadedOutcomes Divide(string name, OutcomeData data, (string Fit, string Report)? published, OutcomeRequest request)
    {
        var (table, note) = WithoutSparseModels(data.Table, request.Models.IsEmpty);
        var loaded = new LoadedOutcomes
        {
            Name = name,
            Table = table,
            Split = request.Split.Of(table, published, request.Seed),
            FollowsPublisher = request.Split.Follows(table, published),
            Sha256 = [.. data.Report.Files.Select(file => file.Sha256)],
            Notes = [.. new[] { note, request.Split.NoteOn(table, published) }.OfType<string>()],
        };
        return request.MostModels is { } most ? ModelSelection.AtMost(loaded, most) : loaded;
    }

    /// <summary>Only complete rows can be planned on; a model without outcomes or costs would leave none.</summary>
    private static (OutcomeTable Table, string? Note) WithoutSparseModels(OutcomeTable table, bool mayLeaveOut)
    {
        var counts = Enumerable.Range(0, table.ModelCount).Select(m => CompleteOutcomes(table, m)).ToArray();
        var least = LeastShareOfOutcomes * counts.DefaultIfEmpty(0).Max();
        int[] kept = [.. Enumerable.Range(0, table.ModelCount).Where(m => counts[m] > 0 && counts[m] >= least)];
        if (!mayLeaveOut || kept.Length == table.ModelCount || kept.Length == 0)
        {
            return (table, null);
        }

        var left = Enumerable.Range(0, table.ModelCount).Except(kept).Select(m => table.Models[m]);
        var note = $"{(table.ModelCount - kept.Length).ToString(CultureInfo.InvariantCulture)} models without an outcome and a cost on most queries are left out: {string.Join(", ", left)}";
        return (table.Select(kept, [.. Enumerable.Range(0, table.RowCount)]), note);
    }

    private static int CompleteOutcomes(OutcomeTable table, int model)
    {
        var quality = table.Quality(model);
        var cost = table.CostUsd(model);
        var count = 0;
        for (var row = 0; row < quality.Length; row++)
        {
            count += double.IsNaN(quality[row]) || double.IsNaN(cost[row]) ? 0 : 1;
        }

        return count;
    }

    private sealed class Relay(Action<ReadProgress> action) : IProgress<ReadProgress>
    {
        public void Report(ReadProgress value) => action(value);
    }
}
