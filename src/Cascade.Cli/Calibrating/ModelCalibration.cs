using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cascade.Cli.Charts;
using Cascade.Planning.Scoring;

namespace Cascade.Cli.Calibrating;

/// <summary>The scores of one model's answers, measured on the queries kept apart.</summary>
internal sealed record ModelCalibration
{
    public required string Model { get; init; }

    public required string Signal { get; init; }

    public required int Rows { get; init; }

    /// <summary>P(a draft that the reference model betters scores below one that it does not); null where that is not defined.</summary>
    public required double? BenefitAuroc { get; init; }

    public required ImmutableArray<CalibratorMeasure> Calibrators { get; init; }

    public required ImmutableArray<Guarantee> Guarantees { get; init; }

    [JsonIgnore]
    public ImmutableArray<LineChart.Line> Diagram { get; init; } = [];
}

/// <summary>How well a calibrator does.</summary>
internal sealed record CalibratorMeasure(CalibratorKind Calibrator, bool IsUsed, double Ece, double Brier, double? Auroc);
