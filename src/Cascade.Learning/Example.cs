using Microsoft.ML.Data;

namespace Cascade.Learning;

/// <summary>A row as the trainers take it. A share of quality is two rows: right with that weight, wrong with the rest.</summary>
internal sealed class Example
{
    public VBuffer<float> Features { get; init; }

    public bool Label { get; init; }

    public float Target { get; init; }

    public float Weight { get; init; }
}
