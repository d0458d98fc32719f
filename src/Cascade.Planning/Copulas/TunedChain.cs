using System.Collections.Immutable;

namespace Cascade.Planning.Copulas;

/// <summary>Thresholds of a chain and what they are expected to deliver.</summary>
/// <param name="DeferAtMost">T of every stage but the last.</param>
/// <param name="AbstainAtMost">S of every stage, −∞ where it never abstains; empty when no stage does.</param>
/// <param name="Expectation">What they are expected to deliver.</param>
/// <param name="Loss">The loss at the prices they were found for.</param>
public sealed record TunedChain(
    ImmutableArray<double> DeferAtMost, ImmutableArray<double> AbstainAtMost, ChainExpectation Expectation, double Loss);
