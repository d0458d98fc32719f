using System.Collections.Immutable;
using Cascade.Planning.Fitting;
using Cascade.Planning.Plans;

namespace Cascade.Tests.Evaluation;

/// <summary>A strategy that does as it is told.</summary>
internal sealed class Scripted(string name, Func<FitContext, ImmutableArray<Candidate>> fit) : ICascadeStrategy
{
    public string Name => name;

    public int Complexity { get; init; } = 3;

    public string? Reason { get; init; }

    public string? Unfit(FitContext context) => Reason;

    public FittedStrategy Fit(FitContext context) =>
        new() { Strategy = name, Candidates = fit(context), ScoreModels = context.ScoreModels };

    /// <summary>Thresholds drawn from the air: many candidates, none of which was fitted to anything.</summary>
    public static Scripted Guesses(string name, int seed, int count) => new(name, context =>
    {
        var random = new Random(seed);
        var models = context.Models.Length;
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var low = random.Next(models);
                var high = (low + 1 + random.Next(models - 1)) % models;
                return new Candidate(ChainSpec.Pair(low, high, random.NextDouble()), 0);
            }),
        ];
    });

    /// <summary>Spends on every answer what the two dearest models cost and returns that of the cheapest.</summary>
    public static Scripted Wasteful => new("wasteful", context => [new Candidate(
        new ChainSpec { Models = [context.Models.Length - 1, context.Models.Length - 2, 0], Thresholds = [double.PositiveInfinity, double.PositiveInfinity] }, 0)]);
}
