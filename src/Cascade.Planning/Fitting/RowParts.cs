using Cascade.Planning.Frontier;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Fitting;

/// <summary>The parts of a cross-fit: by row the part it is of, and the rows of each part.</summary>
internal sealed record RowParts(int[] Of, int[] Sizes)
{
    public int Count => Sizes.Length;

    /// <summary>Copies of a question are in the same part, and the parts have nothing to do with the split.</summary>
    public static RowParts Divide(OutcomeTable table, int parts, ulong seed)
    {
        var scope = $"auto-part/{seed}";
        var of = new int[table.RowCount];
        var sizes = new int[parts];
        for (var row = 0; row < of.Length; row++)
        {
            var query = table.Queries[row];
            of[row] = (int)(StableMix.Unit(query.Text ?? query.Id, scope) * parts);
            sizes[of[row]]++;
        }

        return new RowParts(of, sizes);
    }
}
