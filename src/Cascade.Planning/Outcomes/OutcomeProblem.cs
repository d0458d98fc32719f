namespace Cascade.Planning.Outcomes;

/// <summary>Why a record was not taken: the field, what is wrong with its value, and the repair.</summary>
/// <param name="Field">The field's name, for example <c>CostUsd</c>.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
public readonly record struct OutcomeProblem(string Field, string Message);
