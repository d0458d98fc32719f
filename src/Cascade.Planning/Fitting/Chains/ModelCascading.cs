using System.Collections.Immutable;
using Cascade.Planning.Outcomes;
using Cascade.Planning.Plans;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Fitting;

/// <summary>
/// Classifiers one after the other in order of cost until one is confident enough, with confidence read off the class probabilities and used as
/// it is: Varshney and Baral, "Model Cascading", arXiv 2210.05528 (EMNLP 2022). One threshold for all stages, swept exactly, and one per stage,
/// by backward induction.
/// </summary>
/// <remarks>
/// Needs the signal <c>maxprob</c> or <c>dtu</c>, or class probabilities (<see cref="ClassConfidence.SignalPrefix"/>) to compute it from. Models
/// that another beats in both mean cost and mean quality are left out, as are models without the signal unless they come last.
/// </remarks>
/// <param name="confidence">How sure a model is.</param>
public sealed class ModelCascading(ClassConfidenceKind confidence) : ICascadeStrategy
{
    private readonly string _signal = confidence switch
    {
        ClassConfidenceKind.MaxProb => "maxprob",
        ClassConfidenceKind.DistanceToUniformL1 => "dtu",
        ClassConfidenceKind.DistanceToUniformL2 => "dtu-l2",
        _ => throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "give MaxProb, DistanceToUniformL1 or DistanceToUniformL2"),
    };

    /// <inheritdoc />
    public string Name => "model-cascading-" + _signal;

    /// <inheritdoc />
    public string? Unfit(FitContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Models.Length < 2)
        {
            return FitCheck.Thresholds(context);
        }

        return Confidence(context) is { } score && Enumerable.Range(0, context.Models.Length - 1).Any(Scored(context, PerModel(context, score)).IsScored)
            ? null
            : $"no answer has the signal '{_signal}' or class probabilities; record either, the latter as '{ClassConfidence.SignalPrefix}…', one signal per class";
    }

    /// <inheritdoc />
    public FittedStrategy Fit(FitContext context)
    {
        FitCheck.Require(this, context);
        var scores = PerModel(context, Confidence(context)!);
        var pool = Scored(context, scores);
        var pareto = ModelPool.NonDominated(pool);
        int[] chain = [.. pareto[..^1].Where(pool.IsScored), pareto[^1]];
        var candidates = new CandidatePool();
        candidates.Add(pool.Direct(chain[0]), ChainSpec.Direct(chain[0]));
        candidates.Add(pool.Direct(chain[^1]), ChainSpec.Direct(chain[^1]));
        SharedThreshold.AddTo(candidates, pool, chain);
        QuantileChain.AddTo(candidates, pool, chain, context.Options.MaxCandidates);
        FixedChain.AddTo(candidates, pool, chain, ChainPrices.Of(pool, ChainPrices.Pairs(pool), FixedChain.PriceFactor * context.Options.PriceGridSize));

        return new FittedStrategy
        {
            Strategy = Name,
            Candidates = candidates.Select(context.Options.MaxCandidates),
            ScoreModels = [.. Enumerable.Range(0, pool.ModelCount).Select(m => pool.IsScored(m) ? scores[m] : null)],
        };
    }

    private static StagePool Scored(FitContext context, ImmutableArray<ScoreModel?> scores) => StagePool.Of(context, ScoreMatrix.Of(context.Outcomes, scores));

    /// <summary>An answer without the signal is as sure as the model's answers are on average. A model without any stays unscored.</summary>
    private static ImmutableArray<ScoreModel?> PerModel(FitContext context, ScoreModel score) =>
    [
        .. Enumerable.Range(0, context.Models.Length).Select(m => RecordedMean.Of(ScoreMatrix.ColumnOf(context.Outcomes, m, score))).Select(mean =>
            score switch
            {
                SignalScore signal => signal with { WithoutSignal = mean },
                ClassScore classes => classes with { WithoutSignal = mean },
                _ => score,
            }),
    ];

    private ScoreModel? Confidence(FitContext context)
    {
        var signals = context.Outcomes.Signals;
        if (signals.Contains(_signal))
        {
            return new SignalScore { Signal = _signal };
        }

        ImmutableArray<string> classes = [.. signals.Where(s => s.StartsWith(ClassConfidence.SignalPrefix, StringComparison.Ordinal))];
        return classes.Length < 2 ? null : new ClassScore { Classes = classes, Kind = confidence };
    }
}
