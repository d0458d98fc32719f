using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Cascade.Planning.Plans;

/// <summary>Finds nulls among the entries of lists. The reader holds members to what may be null, but not entries.</summary>
internal sealed class PlanNulls
{
    /// <summary>Most problems that are named; a document of nothing but nulls must not become as many messages.</summary>
    public const int MostProblems = 1000;

    private readonly List<(string? Name, int Index)> _path = [];
    private readonly List<PlanProblem> _problems = [];

    public static List<PlanProblem> In(JsonObject document)
    {
        var search = new PlanNulls();
        search.Visit(document);
        return search._problems;
    }

    /// <summary>Only an answer's scoring may be missing.</summary>
    private bool MayHoldNulls => _path is [("scoreModels", _)] or [("scoreSets", _), _, ("scoreModels", _)];

    private void Visit(JsonNode node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                Descend(value, (name, 0));
            }
        }
        else if (node is JsonArray entries)
        {
            var mayHoldNulls = MayHoldNulls;
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i] is null && !mayHoldNulls && _problems.Count < MostProblems)
                {
                    _problems.Add(new PlanProblem($"{Path()}[{i.ToString(CultureInfo.InvariantCulture)}]", "is null; give a value"));
                }

                Descend(entries[i], (null, i));
            }
        }
    }

    private void Descend(JsonNode? child, (string? Name, int Index) step)
    {
        if (child is JsonObject or JsonArray)
        {
            _path.Add(step);
            Visit(child);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private string Path() => _path.Aggregate(
        new StringBuilder("$"),
        (path, step) => step.Name is { } name ? path.Append('.').Append(name) : path.Append(CultureInfo.InvariantCulture, $"[{step.Index}]")).ToString();
}
