using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Cascade.Planning.CascadeRouting;
using Cascade.Planning.Decisions;

namespace Cascade.Planning.Plans;

/// <summary>A policy as data: what a plan document holds and <see cref="Compile"/> makes executable. Models are indexes into the plan's models.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$kind")]
[JsonDerivedType(typeof(ChainSpec), "chain")]
[JsonDerivedType(typeof(LevelPairSpec), "level-pair")]
[JsonDerivedType(typeof(RouterSpec), "router")]
[JsonDerivedType(typeof(OptimalCascadeSpec), "optimal-cascade")]
[JsonDerivedType(typeof(CascadeRoutingSpec), "cascade-routing")]
public abstract record PolicySpec
{
    /// <summary>Makes the policy executable.</summary>
    /// <param name="models">The plan's models.</param>
    /// <returns>The policy; its models are the plan's, so that the state of a request fits every policy of the plan.</returns>
    /// <exception cref="ArgumentException">A number of the policy does not fit the models; the message says which.</exception>
    public abstract IDecisionPolicy Compile(ImmutableArray<ModelProfile> models);
}
