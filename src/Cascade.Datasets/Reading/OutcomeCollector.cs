using System.Collections.Immutable;
using Cascade.Datasets.Sources;
using Cascade.Planning.Outcomes;

namespace Cascade.Datasets.Reading;

/// <summary>Outcomes on their way into a table: refuses a second outcome of a model on a query, and adds the agreement when all answers are known.</summary>
internal sealed class OutcomeCollector(OutcomeSource source, HeldSize held, ProblemLog log)
{
    private readonly List<Pending> _pending = [];
    private readonly Dictionary<(string Query, string Model), int> _places = [];
    private readonly Dictionary<string, string> _models = new(StringComparer.Ordinal);

    public QueryLedger Queries { get; } = new(held);

    /// <summary>One string for a name that many rows repeat.</summary>
    public string Model(string name)
    {
        if (!_models.TryGetValue(name, out var kept))
        {
            kept = held.Share(name);
            _models.Add(kept, kept);
        }

        return kept;
    }

    /// <summary>One string for a signal's name, which every record refers to.</summary>
    public string Signal(string name)
    {
        held.AddSignal(name);
        return held.Share(name);
    }

    public bool Wants(string model) => source.Models.IsEmpty || source.Models.Contains(model) || source.Agreement?.Partner == model;

    public void Add(OutcomeRecord record, string? answer, CellReader cells, FileScope scope)
    {
        if (!_places.TryAdd((record.QueryId, record.Model), _pending.Count))
        {
            var first = _pending[_places[(record.QueryId, record.Model)]];
            var place = $"{Path.GetFileName(first.Scope.Path)} at {(first.Scope.HasLines ? "line" : "row")} {first.Number}";
            cells.Problem(
                null,
                $"query '{FileScope.Show(record.QueryId)}' already has an outcome of '{FileScope.Show(record.Model)}', in {place}; keep one of them");
            return;
        }

        held.AddModel(record.Model);
        _pending.Add(new Pending(record, answer is null ? null : held.Share(answer), scope, cells.Number));
    }

    public OutcomeData Build(ImmutableArray<FileReport> files, FileReport? texts)
    {
        CheckModels();
        log.ThrowIfAny();
        var builder = new OutcomeTableBuilder();
        var withoutText = Queries.DescribeTo(builder);
        foreach (var pending in _pending)
        {
            var record = source.Agreement is { } agreement ? WithAgreement(pending, agreement) : pending.Record;
            if (!source.Models.IsEmpty && !source.Models.Contains(record.Model))
            {
                continue;
            }

            foreach (var problem in builder.Add(record))
            {
                pending.Scope.Add(pending.Number, null, $"{problem.Field}: {problem.Message}");
            }
        }

        log.ThrowIfAny();
        var table = builder.Build();
        return new OutcomeData(table, new ReadReport
        {
            Files = files,
            Texts = texts,
            QueriesWithoutText = withoutText,
            IncompleteQueries = table.RowCount - table.CompleteRows().Length,
            Outcomes = [.. table.Models.Select((name, m) => KeyValuePair.Create(name, Enumerable.Range(0, table.RowCount).Count(r => table.IsRecorded(m, r))))],
        });
    }

    private void CheckModels()
    {
        var asked = source.Models.Concat(source.Agreement is { } agreement ? [agreement.Partner] : []);
        foreach (var name in asked.Where(name => !_models.ContainsKey(name)))
        {
            var has = _models.Count == 0 ? "none" : string.Join(", ", _models.Keys.Take(60).Select(FileScope.Show));
            log.Add(Problem($"model '{FileScope.Show(name)}' has no outcome; the models are: {has}"));
        }

        if (_pending.Count == 0 && log.Count == 0)
        {
            log.Add(Problem("no outcome was taken; give rows, or check the filters"));
        }
    }

    private FileProblem Problem(string message) => new() { File = Path.GetFileName(source.Files[0].Path), Message = message };

    private OutcomeRecord WithAgreement(Pending pending, AgreementSignal agreement)
    {
        var record = pending.Record;
        if (record.Model == agreement.Partner || !_places.TryGetValue((record.QueryId, agreement.Partner), out var place))
        {
            return record;
        }

        var partner = _pending[place];
        if (double.IsNaN(partner.Record.CostUsd))
        {
            pending.Scope.Add(
                pending.Number, null, $"'{FileScope.Show(agreement.Partner)}', which judges, has no cost on this query; give it a price");
        }

        return record with
        {
            Signals = record.Signals.Add(KeyValuePair.Create(agreement.Name, Answers.Agree(pending.Answer, partner.Answer) ? 1.0 : 0.0)),
            JudgeCostUsd = record.JudgeCostUsd + (double.IsNaN(partner.Record.CostUsd) ? 0 : partner.Record.CostUsd),
        };
    }

    private sealed record Pending(OutcomeRecord Record, string? Answer, FileScope Scope, long Number);
}
