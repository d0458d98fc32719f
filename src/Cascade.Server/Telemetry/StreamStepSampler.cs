using OpenTelemetry.Trace;

namespace Cascade.Server.Telemetry;

/// <summary>
/// Samples as the parent was sampled, and everything at the root, but no span for each part of a stream: Orleans makes two of them a part, so that an answer
/// of a thousand parts would be a trace of two thousand spans that say nothing.
/// </summary>
internal sealed class StreamStepSampler : Sampler
{
    private const string Step = "IAsyncEnumerableGrainExtension/MoveNext";
    private readonly ParentBasedSampler _rest = new(new AlwaysOnSampler());

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        samplingParameters.Name.StartsWith(Step, StringComparison.Ordinal)
            ? new SamplingResult(SamplingDecision.Drop)
            : _rest.ShouldSample(samplingParameters);
}
