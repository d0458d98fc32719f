using System.Collections.Immutable;

namespace Cascade.Verification;

/// <summary>
/// Several judges as one. Free judges are asked before paid ones, and under <c>all</c> and <c>weighted</c> a free judge that says 0 closes the
/// gate: nothing that costs money is asked about a draft that is known to be unfit.
/// </summary>
public sealed class CompositeVerifier : IVerifier, IPaidVerifier, IPrefixVerifier, ILogProbabilityReader
{
    internal const double LeastWeight = 1e-6;
    internal const double MostWeight = 1e6;

    private readonly CompositeRule _rule;
    private readonly ImmutableArray<(IVerifier Verifier, double Weight)> _parts;

    /// <summary>Composes judges.</summary>
    /// <param name="rule">How to make one score.</param>
    /// <param name="parts">The judges, at least one. Among free ones, and among paid ones, this order is kept.</param>
    /// <param name="weights">One weight per part under <see cref="CompositeRule.Weighted"/>; empty otherwise.</param>
    /// <exception cref="ArgumentException">There is no part, or the weights do not match the parts.</exception>
    public CompositeVerifier(CompositeRule rule, ImmutableArray<IVerifier> parts, ImmutableArray<double> weights)
    {
        if (parts.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a composed judge needs at least one part", nameof(parts));
        }

        var wanted = rule == CompositeRule.Weighted ? parts.Length : 0;
        if (weights.Length != wanted || weights.Any(w => w is not (>= LeastWeight and <= MostWeight)))
        {
            throw new ArgumentException(
                $"rule {rule} takes {wanted} weights of {LeastWeight} to {MostWeight}, got {weights.Length}", nameof(weights));
        }

        _rule = rule;
        _parts = [.. parts.Select((p, i) => (p, wanted == 0 ? 1 : weights[i])).OrderBy(p => Costs(p.p))];
        Name = rule switch
        {
            CompositeRule.All => VerifierKinds.All,
            CompositeRule.First => VerifierKinds.First,
            CompositeRule.Weighted => VerifierKinds.Weighted,
            _ => throw new ArgumentException($"unknown rule {rule}", nameof(rule)),
        };
    }

    /// <inheritdoc />
    public string Name { get; }

    bool IPaidVerifier.Costs => _parts.Any(p => Costs(p.Verifier));

    bool ILogProbabilityReader.ReadsLogProbabilities =>
        _parts.Any(static p => p.Verifier is ILogProbabilityReader { ReadsLogProbabilities: true });

    /// <inheritdoc />
    public async ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(_parts.Length);
        var tally = new Tally(_rule);
        foreach (var (verifier, weight) in _parts)
        {
            if (tally.Closed && Costs(verifier))
            {
                break;
            }

            var verdict = await verifier.VerifyAsync(draft, cancellationToken);
            verdicts.Add(verdict);
            tally.Add(verdict, weight, Costs(verifier));
            if (tally.Decided)
            {
                break;
            }
        }

        return new Verdict
        {
            Verifier = Name,
            Score = tally.Score,
            CostNanos = verdicts.Sum(v => v.CostNanos),
            Evidence = [.. verdicts.SelectMany(v => v.Evidence).Distinct(StringComparer.Ordinal)],
            Parts = verdicts.ToImmutable(),
        };
    }

    /// <inheritdoc />
    public IPrefixCheck? Begin(PrefixContext context) =>

        // Under "first" only the judge that speaks first can decide; else one free 0 does.
        AnyPrefix.Of([.. _parts.Take(_rule == CompositeRule.First ? 1 : _parts.Length)
            .Where(part => !Costs(part.Verifier))
            .Select(part => (part.Verifier as IPrefixVerifier)?.Begin(context))
            .OfType<IPrefixCheck>()]);

    private static bool Costs(IVerifier verifier) => verifier is IPaidVerifier { Costs: true };

    private sealed class Tally(CompositeRule rule)
    {
        private double _sum;
        private double _weights;
        private double _lowest = double.NaN;
        private double _first = double.NaN;

        public bool Closed { get; private set; }

        public bool Decided => rule == CompositeRule.First && !double.IsNaN(_first);

        public double Score => rule switch
        {
            CompositeRule.First => _first,
            CompositeRule.All => _lowest,
            _ => Closed ? 0 : _weights > 0 ? _sum / _weights : double.NaN,
        };

        public void Add(Verdict verdict, double weight, bool paid)
        {
            if (!verdict.HasOpinion)
            {
                return;
            }

            _sum += weight * verdict.Score;
            _weights += weight;
            _first = double.IsNaN(_first) ? verdict.Score : _first;
            _lowest = double.IsNaN(_lowest) ? verdict.Score : Math.Min(_lowest, verdict.Score);
            Closed |= !paid && verdict.Score <= 0;
        }
    }
}
