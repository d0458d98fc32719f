using System.Diagnostics;
using Cascade.Planning.Decisions;
using Cascade.Planning.Outcomes;

namespace Cascade.Planning.Evaluation;

/// <summary>
/// Runs a policy over recorded outcomes exactly as the cluster runs it over live ones: it is asked for its next step until it accepts or abstains,
/// each call costs what it was recorded to cost, and judging an answer is paid for when the policy may read the score.
/// </summary>
public static class PolicyEvaluator
{
    /// <summary>Runs a policy over every row.</summary>
    /// <param name="policy">The policy; its models are those of the table.</param>
    /// <param name="evidence">What the policy sees and what then happens; a model it calls must have an outcome with a cost on the row.</param>
    /// <param name="price">λ in quality per dollar that the policy decides with.</param>
    /// <returns>What it delivered.</returns>
    /// <exception cref="ArgumentException">The table is empty or has other models than the policy.</exception>
    /// <exception cref="InvalidOperationException">The policy called a model that has no outcome on a row.</exception>
    /// <remarks>A policy that can run over all rows at once does so; the result is the same.</remarks>
    public static PolicyResult Run(IDecisionPolicy policy, Evidence evidence, double price)
    {
        Require(policy, evidence);
        return policy is IColumnPolicy fast ? fast.RunAll(evidence, price) : RunStepByStep(policy, evidence, price);
    }

    /// <summary>Runs a policy over every row, one decision after the other, as the cluster does; the definition of what a policy delivers.</summary>
    /// <param name="policy">The policy; its models are those of the table.</param>
    /// <param name="evidence">What the policy sees and what then happens; a model it calls must have an outcome with a cost on the row.</param>
    /// <param name="price">λ in quality per dollar that the policy decides with.</param>
    /// <returns>What it delivered.</returns>
    /// <exception cref="ArgumentException">The table is empty or has other models than the policy.</exception>
    /// <exception cref="InvalidOperationException">The policy called a model that has no outcome on a row.</exception>
    public static PolicyResult RunStepByStep(IDecisionPolicy policy, Evidence evidence, double price)
    {
        Require(policy, evidence);
        var table = evidence.Table;
        var n = table.RowCount;
        var result = new PolicyResult(new double[n], new double[n], new int[n], new int[n]);
        var outcomes = new ModelOutcome[table.ModelCount];

        // Policies are pure: where nothing is known of a query before a model runs, all queries begin alike.
        Decision? first = evidence.Priors is null ? Decide(policy, evidence, price, 0, outcomes) : null;
        for (var row = 0; row < n; row++)
        {
            Array.Clear(outcomes);
            RunRow(policy, evidence, price, row, outcomes, first, result);
        }

        return result;
    }

    internal static InvalidOperationException NoOutcome(OutcomeTable table, int model, int row) =>
        new($"'{table.Models[model]}' has no outcome with a cost on query '{table.Queries[row].Id}'; leave the query out");

    private static void Require(IDecisionPolicy policy, Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(evidence);
        var table = evidence.Table;
        if (table.RowCount == 0 || table.ModelCount != policy.Models.Count)
        {
            throw new ArgumentException(
                $"{table.RowCount} rows of {table.ModelCount} models for a policy of {policy.Models.Count} models; give at least one row and the same models",
                nameof(evidence));
        }
    }

    private static Decision Decide(IDecisionPolicy policy, Evidence evidence, double price, int row, ModelOutcome[] outcomes) =>
        policy.Decide(new DecisionState
        {
            Outcomes = outcomes,
            ShadowPrice = price,
            PriorQuality = evidence.Priors is { } q ? q.Quality(row) : default,
            PriorCostUsd = evidence.Priors is { } c ? c.CostUsd(row) : default,
        });

    private static void RunRow(
        IDecisionPolicy policy, Evidence evidence, double price, int row, ModelOutcome[] outcomes, Decision? first, PolicyResult result)
    {
        var table = evidence.Table;
        for (var step = 0; step <= outcomes.Length; step++)
        {
            var decision = step == 0 && first is { } known ? known : Decide(policy, evidence, price, row, outcomes);
            var model = decision.Model;
            if (decision.Kind != DecisionKind.Call)
            {
                result.FinalModel[row] = decision.Kind == DecisionKind.Accept ? model : -1;
                result.Quality[row] = decision.Kind == DecisionKind.Accept ? table.Quality(model)[row] : 0;
                return;
            }

            if (!table.IsRecorded(model, row) || double.IsNaN(table.CostUsd(model)[row]))
            {
                throw NoOutcome(table, model, row);
            }

            var judged = policy.ReadsScoreOf(model);
            result.Calls[row]++;
            result.CostUsd[row] += table.CostUsd(model)[row] + (judged ? table.JudgeCostUsd(model)[row] : 0);
            outcomes[model] = new ModelOutcome(OutcomeKind.Answered, judged ? evidence.Scores[model, row] : double.NaN);
        }

        throw new UnreachableException("a policy called a model that already had an outcome");
    }
}
