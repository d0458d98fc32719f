using Cascade.Planning.Outcomes;

namespace Cascade.Datasets;

/// <summary>Outcomes that were read.</summary>
/// <param name="Table">The outcomes; queries and models in the order in which they were first met.</param>
/// <param name="Report">What became of every row.</param>
public sealed record OutcomeData(OutcomeTable Table, ReadReport Report);
