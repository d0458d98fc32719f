using System.Collections.Immutable;
using Cascade.Planning.Outcomes;

namespace Cascade.TestKit.Planning;

/// <summary>
/// Outcomes of made-up models: a query has a difficulty and a topic, a model a skill, and the answer is right with the probability σ(skill −
/// difficulty). Dearer models are more skilled, costs grow by the same factor from model to model. The same seed gives the same table.
/// </summary>
public sealed record SyntheticOutcomes
{
    private static readonly string[] Topics = ["algebra", "history", "law", "poetry", "code", "medicine"];

    /// <summary>The number of models, at least 1.</summary>
    public int Models { get; init; } = 4;

    /// <summary>The number of queries.</summary>
    public int Queries { get; init; } = 1000;

    /// <summary>The seed.</summary>
    public int Seed { get; init; } = 7;

    /// <summary>What one model more adds to the skill, in logits.</summary>
    public double SkillStep { get; init; } = 0.6;

    /// <summary>How many times as dear as the one before a model is, at least 1.</summary>
    public double CostFactor { get; init; } = 4;

    /// <summary>Standard deviation of the error of the signal <c>confidence</c>, in logits; infinite for a signal that says nothing.</summary>
    public double SignalNoise { get; init; } = 0.7;

    /// <summary>Whether queries have a text whose words depend on topic and difficulty.</summary>
    public bool HasText { get; init; } = true;

    /// <summary>Makes the table.</summary>
    /// <returns>The outcomes, with the signals <c>confidence</c> and <c>noise</c> and the features <c>length</c> and <c>hint</c>.</returns>
    public OutcomeTable Build()
    {
        var random = new Random(Seed);
        var builder = new OutcomeTableBuilder();
        for (var q = 0; q < Queries; q++)
        {
            var topic = random.Next(Topics.Length);
            var difficulty = (2 * Normal(random)) + (0.3 * topic);
            var length = Math.Exp(4 + (0.5 * Normal(random)) + (0.1 * difficulty));
            var id = $"q{q}";
            builder.Describe(
                new OutcomeQuery { Id = id, Task = Topics[topic], Text = HasText ? Text(random, topic, difficulty, q) : null },
                [new("length", length), new("hint", difficulty + Normal(random))]);
            for (var m = 0; m < Models; m++)
            {
                Require(builder.Add(Answer(random, id, m, difficulty, length)));
            }
        }

        return builder.Build();
    }

    private static void Require(ImmutableArray<OutcomeProblem> problems)
    {
        if (!problems.IsEmpty)
        {
            throw new InvalidOperationException(string.Join("; ", problems));
        }
    }

    private static string Text(Random random, int topic, double difficulty, int number)
    {
        var word = difficulty > 1 ? "prove" : difficulty > -1 ? "explain" : "name";
        return $"{word} {Topics[random.Next(10) < 8 ? topic : random.Next(Topics.Length)]} number {number}";
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private OutcomeRecord Answer(Random random, string id, int model, double difficulty, double length)
    {
        var logit = (SkillStep * (model + 1)) - difficulty;
        var right = random.NextDouble() < 1 / (1 + Math.Exp(-logit));
        var heard = double.IsPositiveInfinity(SignalNoise) ? Normal(random) : logit + (right ? 0.5 : -0.5) + (SignalNoise * Normal(random));
        var output = length * (0.5 + random.NextDouble());
        return new OutcomeRecord
        {
            QueryId = id,
            Model = $"model-{model}",
            Quality = right ? 1 : 0,
            CostUsd = 1e-6 * Math.Pow(CostFactor, model) * (length + output) / 100,
            InputTokens = Math.Round(length),
            OutputTokens = Math.Round(output),
            LatencySeconds = 0.2 * (model + 1),
            Signals = [new("confidence", 1 / (1 + Math.Exp(-heard))), new("noise", random.NextDouble())],
        };
    }
}
