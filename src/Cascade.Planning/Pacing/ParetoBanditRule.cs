using System.Collections.Immutable;

namespace Cascade.Planning.Pacing;

/// <summary>
/// ParetoBandit's decision (arXiv 2604.00136) as published, as a baseline: <c>q̂ − (λ_c + λ)·c̃</c> with
/// <c>c̃ = (ln p − ln 1e-4) / (ln 0.1 − ln 1e-4)</c> of a model's price p per thousand tokens, and no model with p &gt; p_max/(1 + λ) while λ is
/// above 0. Stateless.
/// </summary>
/// <remarks>
/// The logarithm makes λ something other than the budget's dual variable, and the ceiling shuts out the dearest model at any price above 0. Kept as
/// it is; <see cref="LinearRule"/> has neither.
/// </remarks>
public sealed class ParetoBanditRule : IPacingRule
{
    private static readonly double Lowest = Math.Log(1e-4);
    private static readonly double Highest = Math.Log(0.1);

    private readonly ImmutableArray<double> _unitPrices;
    private readonly double _staticPrice;
    private readonly double _dearest;

    /// <summary>Creates the rule.</summary>
    /// <param name="usdPerThousandTokens">p per model, above 0.</param>
    /// <param name="staticPrice">λ_c, the weight of cost that does not move, 0 or more.</param>
    /// <exception cref="ArgumentException">A price is not above 0.</exception>
    public ParetoBanditRule(ReadOnlySpan<double> usdPerThousandTokens, double staticPrice)
    {
        var check = new ColumnCheck(usdPerThousandTokens.Length);
        check.Range(usdPerThousandTokens, nameof(usdPerThousandTokens), 1e-12, ColumnCheck.LargestCost);
        check.Throw(nameof(usdPerThousandTokens));
        ArgumentOutOfRangeException.ThrowIfNegative(staticPrice);
        _unitPrices = [.. usdPerThousandTokens];
        _staticPrice = staticPrice;
        _dearest = _unitPrices.Max();
    }

    /// <inheritdoc/>
    public IPacingRule Fresh(int requests, ulong seed) => this;

    /// <inheritdoc/>
    public bool Score(in PacingQuestion question, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            var normalised = (Math.Log(_unitPrices[i]) - Lowest) / (Highest - Lowest);
            var isAbove = question.Price > 0 && _unitPrices[i] > _dearest / (1 + question.Price);
            scores[i] = isAbove ? double.NegativeInfinity : question.Quality[i] - ((_staticPrice + question.Price) * normalised);
        }

        return true;
    }
}
