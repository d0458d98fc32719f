using System.Collections.Immutable;
using Cascade.Planning.Decisions;
using Cascade.Planning.Estimation;
using Cascade.Planning.Frontier;
using Cascade.Planning.Scoring;

namespace Cascade.Planning.Plans;

/// <summary>
/// A plan, ready to decide. For each request one operating point is picked, by the price of money or by a budget, and its policy decides with the
/// price it was fitted for until the request ends. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// A caller that can should pick once per request, with <see cref="AtPrice"/> or <see cref="AtBudget"/>: the price may move between two steps of a
/// request, and only the picked policy knows which scores it reads. Deciding on this object picks anew at each step.
/// </remarks>
public sealed class PlanPolicy : IDecisionPolicy
{
    private readonly CostFrontier _frontier;
    private readonly PointPolicy[] _points;

    private PlanPolicy(PlanDocument plan, PlanParts parts)
    {
        (Plan, Models, Estimator) = (plan, parts.Profiles, parts.Estimator);
        _points = [.. plan.Points.Select((point, i) => new PointPolicy(i, parts.Policies[i], point.Price, plan.ScoreModelsOf(i)))];
        _frontier = CostFrontier.Of([.. plan.Points.Select((point, i) => new FrontierPoint(point.CostUsd.Mean, point.Quality.Mean, i))]);
    }

    /// <summary>The plan.</summary>
    public PlanDocument Plan { get; }

    /// <summary>The operating points, in the order of the document.</summary>
    public IReadOnlyList<PointPolicy> Points => _points;

    /// <inheritdoc />
    public IReadOnlyList<ModelProfile> Models { get; }

    /// <summary>What estimates quality and cost of every model before one runs; null when the plan has none.</summary>
    public IQueryEstimator? Estimator { get; }

    /// <summary>Reads a plan and makes it executable; it is checked once.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <param name="maxBytes">Most bytes that are read.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="PlanFormatException">What <see cref="PlanJson.Read(ReadOnlySpan{byte}, int)"/> refuses.</exception>
    public static PlanPolicy Read(ReadOnlySpan<byte> json, int maxBytes = PlanJson.DefaultMaxBytes) =>
        Compile(PlanJson.Parse(json, maxBytes, PlanUpgrades.All));

    /// <summary>Makes a plan executable.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The policy.</returns>
    /// <exception cref="PlanFormatException">The plan is not sound; names every problem.</exception>
    public static PlanPolicy Compile(PlanDocument plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new PlanPolicy(plan, PlanCheck.Compile(plan));
    }

    /// <summary>The operating point that is worth most at a price: the highest U − λC, of equals the cheaper.</summary>
    /// <param name="price">λ in quality per dollar, at least 0; infinite for the cheapest point.</param>
    /// <returns>The point's policy; it ignores the price of the state.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The price is NaN or below 0.</exception>
    public PointPolicy AtPrice(double price) => _points[_frontier.AtPrice(price).Policy];

    /// <summary>The operating point of a request under a budget: the mix of two neighbours that spends the budget on average.</summary>
    /// <param name="budgetUsd">Dollars per request; below the cheapest point's cost, the cheapest point.</param>
    /// <param name="place">The request's place within 0 (included) to 1 (excluded): a stable hash of an id of it, see <see cref="StableMix"/>.</param>
    /// <returns>The point's policy; it ignores the price of the state.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The budget is NaN.</exception>
    public PointPolicy AtBudget(double budgetUsd, double place)
    {
        var choice = _frontier.AtBudget(budgetUsd);
        return _points[place < choice.UpperShare ? choice.Upper.Policy : choice.Lower.Policy];
    }

    /// <inheritdoc />
    /// <remarks>Decides with the point that is worth most at the price of the state.</remarks>
    public Decision Decide(in DecisionState state) => AtPrice(state.ShadowPrice).Decide(state);

    /// <inheritdoc />
    /// <remarks>Whether any of the plan's points may.</remarks>
    public bool ReadsScoreOf(int model) => Array.Exists(_points, point => point.ReadsScoreOf(model));

    /// <inheritdoc />
    /// <remarks>Whether any of the plan's points may.</remarks>
    public bool ReadsEstimates => Array.Exists(_points, point => point.ReadsEstimates);
}

/// <summary>An operating point of a plan, ready to decide.</summary>
public sealed class PointPolicy : IDecisionPolicy
{
    private readonly IDecisionPolicy _policy;

    internal PointPolicy(int point, IDecisionPolicy policy, double price, ImmutableArray<ScoreModel?> scoreModels) =>
        (Point, _policy, Price, ScoreModels) = (point, policy, price, scoreModels);

    /// <summary>Index of the point among <see cref="PlanDocument.Points"/>.</summary>
    public int Point { get; }

    /// <summary>λ in quality per dollar that it decides with.</summary>
    public double Price { get; }

    /// <summary>How the answers are scored that it reads, one per model; null where they are not.</summary>
    public ImmutableArray<ScoreModel?> ScoreModels { get; }

    /// <inheritdoc />
    public IReadOnlyList<ModelProfile> Models => _policy.Models;

    /// <inheritdoc />
    public Decision Decide(in DecisionState state) => _policy.Decide(state with { ShadowPrice = Price });

    /// <inheritdoc />
    public bool ReadsScoreOf(int model) => _policy.ReadsScoreOf(model);

    /// <inheritdoc />
    public bool ReadsEstimates => _policy.ReadsEstimates;
}
