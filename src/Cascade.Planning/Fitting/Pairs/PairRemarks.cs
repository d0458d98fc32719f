using System.Collections.Immutable;
using System.Globalization;

namespace Cascade.Planning.Fitting;

/// <summary>Says which pairs never escalate, and why.</summary>
internal static class PairRemarks
{
    public static ImmutableArray<string> Of(FitContext context, ImmutableArray<PairEvidence> pairs) =>
        [.. pairs.Where(p => !p.Escalates).Select(p => Of(context, p))];

    private static string Of(FitContext context, PairEvidence evidence)
    {
        var names = $"'{context.Models[evidence.Pair.Low].Name}' never escalates to '{context.Models[evidence.Pair.High].Name}'";
        return double.IsNaN(evidence.BenefitAuroc)
            ? $"{names}: on no row was its answer better"
            : string.Create(CultureInfo.InvariantCulture, $"{names}: its score does not tell where that helps (AUROC {evidence.BenefitAuroc:0.000})");
    }
}
