using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Grains.Telemetry;
using Cascade.Planning.Decisions;
using Cascade.Planning.Frontier;
using Cascade.Planning.Plans;
using Cascade.Providers.Calling;
using Cascade.Verification;
using Microsoft.Extensions.AI;

namespace Cascade.Grains.Routing;

/// <summary>
/// One request on its road: decide, call, judge, decide again, until the policy accepts or gives up. Holds everything the request saw,
/// so that the reply explains itself. Used by one request at a time.
/// </summary>
/// <param name="request">The request.</param>
/// <param name="route">The route as the request meets it.</param>
/// <param name="view">What the request may call.</param>
/// <param name="services">What it needs of its silo.</param>
/// <param name="updates">Takes the answer while it is made; null when it is wanted in one piece.</param>
internal sealed class CascadeRun(CascadeRequest request, RouteModel route, AccountView view, CascadeServices services, UpdateStream? updates = null)
    : ISecondOpinion
{
    private readonly IReadOnlyList<ChatMessage> _messages = ChatMapping.Messages(request);
    private readonly ChatOptions _options = ChatMapping.Options(request, route.Verifier is ILogProbabilityReader { ReadsLogProbabilities: true });
    private readonly ModelOutcome[] _outcomes = StartOf(route);
    private readonly ImmutableArray<string> _leftOut = [.. route.Stages.Where(static stage => stage.Deployments.IsEmpty).Select(static stage => stage.Id.Value)];
    private readonly Attempt?[] _byStage = new Attempt?[route.Stages.Length];
    private readonly List<Attempt> _attempts = [];
    private readonly long _deadline = services.Time.GetTimestamp() + (long)(services.Options.RequestDeadline.TotalSeconds * services.Time.TimestampFrequency);
    private readonly List<DecisionRecord> _decisions = [];
    private ImmutableArray<VerdictRecord> _verdicts = [];
    private (double[] Quality, double[] CostUsd) _priors = ([], []);
    private IDecisionPolicy? _policy;
    private PlanChoice? _choice;
    private double[] _congestion = [];
    private bool _escalated;

    /// <summary>Runs the request to its end.</summary>
    /// <param name="caller">Cancelled when the caller goes away.</param>
    /// <param name="cancellationToken">Cancelled then, and when the request's deadline passes: no call is begun any more.</param>
    public async Task<CascadeReply> RunAsync(CancellationToken caller, CancellationToken cancellationToken)
    {
        while (true)
        {
            var decision = Decide();
            if (decision.Kind != DecisionKind.Call)
            {
                return Finish(decision);
            }

            if (_attempts.Count >= services.Options.MaxAttempts)
            {
                return Reply(CascadeStatus.ProviderFailed) with
                {
                    Problem = $"the request needed more than {services.Options.MaxAttempts} provider calls; raise MaxAttempts or shorten the route",
                };
            }

            await TakeStageAsync(decision, cancellationToken);
            if (updates is { Committed: true })
            {
                return EndCommitted(decision.Model, caller.IsCancellationRequested, cancellationToken.IsCancellationRequested);
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return caller.IsCancellationRequested ? Cancelled() : EndLate();
            }
        }
    }

    /// <inheritdoc />
    async ValueTask<Opinion> ISecondOpinion.AskAsync(string endpoint, CancellationToken cancellationToken)
    {
        if (_attempts.Count >= services.Options.MaxAttempts)
        {
            return new Opinion(Available: false, "", 0, "too-many-attempts");
        }

        var judge = view.Meet(services.Model.FindStage(endpoint)!);
        if (judge.Deployments.IsEmpty)
        {
            return new Opinion(Available: false, "", 0, "not-allowed");
        }

        var (attempt, _) = await StepAsync(judge, AttemptPurpose.Verification, static _ => null, cancellationToken);
        return new Opinion(attempt.Answered, attempt.Text, attempt.Record.CostNanos, attempt.Record.Error);
    }

    private CascadeReply Cancelled() => Reply(CascadeStatus.Cancelled) with { Problem = "the caller went away" };

    private CascadeReply Late() => Reply(CascadeStatus.DeadlinePassed) with { Problem = "the request's deadline passed before it had an answer that could be given" };

    // Whom there is no time to ask any more counts as failed; every policy knows what an answer that was paid for is worth then.
    private CascadeReply EndLate()
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            _outcomes[i] = _outcomes[i].Kind == OutcomeKind.None ? new ModelOutcome(OutcomeKind.Failed, double.NaN) : _outcomes[i];
        }

        return Decide() is { Kind: DecisionKind.Accept } decision ? Finish(decision) : Late();
    }

    // Words of this answer are out: it is the answer, or there is none.
    private CascadeReply EndCommitted(int stage, bool hasLeft, bool cancelled)
    {
        // An answer whose reader was given up before its end was not delivered, however well it ended after that.
        if (_byStage[stage] is { Answered: true } answer && !cancelled)
        {
            var accepted = Preview(stage, answer.Record.PlanScore);
            Record(accepted, _decisions[^1].ShadowPrice);
            return Finish(accepted);
        }

        return (cancelled, updates!.TooSlow) switch
        {
            (_, true) => Reply(CascadeStatus.Cancelled) with { Problem = UpdateStream.TooSlowProblem },
            (true, _) => hasLeft ? Cancelled() : Late(),
            _ => Reply(CascadeStatus.StreamBroken) with
            {
                Problem = $"the answer of '{route.Stages[stage].Id}' broke off after a part of it was delivered ({_byStage[stage]?.Record.Error ?? _attempts[^1].Record.Error}); ask again",
            },
        };
    }

    // A stage that must not be called is one that cannot answer: every policy knows how to do without it.
    private static ModelOutcome[] StartOf(RouteModel route) =>
        [.. route.Stages.Select(static stage => stage.Deployments.IsEmpty ? new ModelOutcome(OutcomeKind.Failed, double.NaN) : default)];

    /// <summary>What the policy would do next if a stage answered with this score.</summary>
    private Decision Preview(int stage, double score)
    {
        var outcomes = (ModelOutcome[])_outcomes.Clone();
        outcomes[stage] = new ModelOutcome(OutcomeKind.Answered, score);
        return _policy!.Decide(new DecisionState
        {
            Outcomes = outcomes,
            Congestion = _congestion,
            ShadowPrice = _decisions[^1].ShadowPrice,
            PriorQuality = _priors.Quality,
            PriorCostUsd = _priors.CostUsd,
        });
    }

    // Live only when no score can change what happens: then its first word may go out before its last one is known.
    private IModelStreamSink? SinkFor(int stage, EndpointModel deployment)
    {
        var judged = route.Verifier is not null && IsJudged(stage);
        if (updates is not null && !judged && (route.Plan is null || !_policy!.ReadsScoreOf(stage)) && Accepts(Preview(stage, double.NaN), stage))
        {
            return new LiveSink(updates, deployment.Id);
        }

        return judged ? PrefixSinkFor(stage, deployment) : null;
    }

    // A draft is ended early only where that saves money, and only when the verdict it is heading for would call another model.
    private PrefixSink? PrefixSinkFor(int stage, EndpointModel deployment) =>
        route is { Plan: null, Verifier: IPrefixVerifier verifier }
        && deployment.Stream.BrokenCharge == BrokenStreamCharge.Counted
        && Preview(stage, route.Calibration?.Apply(0) ?? 0).Kind == DecisionKind.Call
        && verifier.Begin(new PrefixContext { SchemaJson = request.Format?.SchemaJson, WantsJson = WantsJson }) is { } check
            ? new PrefixSink(check)
            : null;

    private bool WantsJson => request.Format is { Kind: not AnswerFormatKind.Text };

    private static bool Accepts(Decision decision, int stage) => decision.Kind == DecisionKind.Accept && decision.Model == stage;

    private Decision Decide()
    {
        var price = services.Budget.ShadowPriceOf(request.Account) + route.CostWeight;
        _policy ??= route.Plan is { } plan ? Pick(plan, price) : route.Policy;
        _congestion = Congestion();
        var decision = _policy.Decide(new DecisionState
        {
            Outcomes = _outcomes,
            Congestion = _congestion,
            ShadowPrice = price,
            PriorQuality = _priors.Quality,
            PriorCostUsd = _priors.CostUsd,
        });
        Record(decision, price);
        return decision;
    }

    private void Record(Decision decision, double price) =>
        _decisions.Add(new DecisionRecord
        {
            Action = Names.Of(decision.Kind),
            Endpoint = decision.Model < 0 ? "" : route.Stages[decision.Model].Id.Value,
            Reason = Names.Of(decision.Reason),
            ShadowPrice = price,
            Verdicts = _verdicts,
            Plan = _choice,
            Congestion = [.. _congestion],
            LeftOut = _leftOut,
        });

    /// <summary>What a typical call of each stage costs others now, in quality; empty when no endpoint is busy.</summary>
    private double[] Congestion()
    {
        var congestion = new double[route.Stages.Length];
        for (var i = 0; i < congestion.Length; i++)
        {
            congestion[i] = route.Stages[i].Deployments.Select(d => services.Endpoints.CongestionPriceOf(d) * d.Capacity.ExpectedTokens).DefaultIfEmpty().Min();
        }

        return Array.Exists(congestion, static each => each > 0) ? congestion : [];
    }

    // One operating point per request: the price may move while it runs, and half of one policy and half of another is neither.
    private PointPolicy Pick(ServedPlan plan, double price)
    {
        var place = StableMix.Unit(request.Operation.Value, route.Name);
        var point = _leftOut.Length > 0 ? plan.PickThat(price, place, CanBegin) : plan.Pick(price, place);
        if (point.ReadsEstimates)
        {
            _priors = plan.Estimate(Question(request));
        }

        _choice = new PlanChoice
        {
            Name = plan.Policy.Plan.Name,
            Sha256 = plan.Sha256,
            Point = point.Point,
            Price = point.Price,
            Place = place,
            EstimatedQuality = [.. _priors.Quality],
            EstimatedCostUsd = [.. _priors.CostUsd],
        };
        return point;
    }

    private bool CanBegin(PointPolicy point) =>
        point.Decide(new DecisionState { Outcomes = _outcomes, ShadowPrice = point.Price }).Kind == DecisionKind.Call;

    private async Task TakeStageAsync(Decision decision, CancellationToken cancellationToken)
    {
        var purpose = decision.Reason switch
        {
            DecisionReason.Start => AttemptPurpose.Draft,
            _ when _attempts.Count == 0 => AttemptPurpose.Draft,
            DecisionReason.BestExpectedValue when _outcomes.Any(outcome => outcome.Kind == OutcomeKind.Answered) => AttemptPurpose.Escalation,
            DecisionReason.ScoreBelowThreshold or DecisionReason.GainWorthPrice => AttemptPurpose.Escalation,
            _ when _attempts.Exists(a => a.Record.Outcome == AttemptOutcome.Stopped) => AttemptPurpose.Escalation,
            _ => AttemptPurpose.Fallback,
        };
        if (purpose == AttemptPurpose.Escalation)
        {
            if (!_escalated)
            {
                services.Instruments.Escalated(route.Name);
            }

            _escalated = true;
        }
        else if (purpose == AttemptPurpose.Fallback)
        {
            services.Instruments.FellBack(route.Name);
        }

        var (attempt, index) = await StepAsync(route.Stages[decision.Model], purpose, deployment => SinkFor(decision.Model, deployment), cancellationToken);
        _verdicts = attempt.Sink is PrefixSink { Evidence: { } evidence }
            ? [new VerdictRecord { Verifier = route.Verifier!.Name, Score = 0, Evidence = [evidence] }]
            : [];
        var verdict = attempt.Answered ? await JudgeAsync(decision.Model, attempt, cancellationToken) : double.NaN;
        var planned = attempt.Answered && _policy is PointPolicy point ? ServedPlan.Score(point, decision.Model, verdict, attempt.Record.Usage) : double.NaN;
        attempt = attempt with { Record = attempt.Record with { Score = verdict, PlanScore = planned } };
        _attempts[index] = attempt;
        _byStage[decision.Model] = attempt;
        _outcomes[decision.Model] = new ModelOutcome(KindOf(attempt.Record.Outcome), route.Plan is null ? verdict : planned);
    }

    private static OutcomeKind KindOf(AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Answered => OutcomeKind.Answered,
        AttemptOutcome.Unaffordable => OutcomeKind.Unaffordable,
        _ => OutcomeKind.Failed,
    };

    private async Task<(Attempt Attempt, int Index)> StepAsync(
        StageModel stage, AttemptPurpose purpose, Func<EndpointModel, IModelStreamSink?> sink, CancellationToken cancellationToken)
    {
        var step = await services.Steps.RunAsync(
            new StepPlan
            {
                Account = request.Account,
                Stage = stage,
                Purpose = purpose,
                Messages = _messages,
                Options = _options,
                Priority = request.Priority,
                MaxOutputTokens = request.Sampling.MaxOutputTokens,
                MaxAttempts = services.Options.MaxAttempts - _attempts.Count,
                Deadline = _deadline,
                Sink = sink,
                IsCommitted = () => updates is { Committed: true },
            },
            cancellationToken);
        var index = _attempts.Count + step.Outcome;
        _attempts.AddRange(step.Attempts);
        return (step.Attempt, index);
    }

    private static string Question(CascadeRequest request) => request.Messages.LastOrDefault(m => m.Role == ChatMessageRole.User)?.PlainText ?? "";

    /// <summary>Whether a verdict could change anything; otherwise none is paid for.</summary>
    private bool IsJudged(int stage) => _policy!.ReadsScoreOf(stage) && (_policy is PointPolicy point
        ? ServedPlan.JudgedSignal(point, stage) is not null
        : !_escalated && _outcomes.Where((outcome, i) => i != stage && outcome.Kind == OutcomeKind.None).Any());

    /// <summary>Judges a draft, unless no verdict could change anything.</summary>
    /// <returns>Calibrated P(answer is right), or the judge's own score where nothing calibrates it; NaN for no opinion.</returns>
    private async Task<double> JudgeAsync(int stage, Attempt attempt, CancellationToken cancellationToken)
    {
        if (route.Verifier is not { } verifier || !IsJudged(stage))
        {
            return double.NaN;
        }

        using var activity = services.Instruments.Activities.StartActivity(CascadeTelemetry.Spans.Verification);
        activity?.SetTag(CascadeTelemetry.Tags.Verifier, verifier.Name);
        var verdict = await verifier.VerifyAsync(AnswerMapping.ToDraft(request, attempt, Question(request), this), cancellationToken);
        _verdicts = [.. Flatten(verdict)];
        foreach (var part in _verdicts)
        {
            services.Instruments.Judged(part.Verifier, !double.IsNaN(part.Score));
        }

        var score = route.Calibration?.Apply(verdict.Score) ?? verdict.Score;
        activity?.SetTag(CascadeTelemetry.Tags.Score, score);
        return score;
    }

    private static IEnumerable<VerdictRecord> Flatten(Verdict verdict)
    {
        yield return new VerdictRecord
        {
            Verifier = verdict.Verifier,
            Score = verdict.Score,
            CostNanos = verdict.CostNanos,
            Evidence = verdict.Evidence,
        };
        foreach (var part in verdict.Parts.SelectMany(Flatten))
        {
            yield return part;
        }
    }

    private CascadeReply Finish(Decision decision)
    {
        if (decision.Kind == DecisionKind.Accept)
        {
            var chosen = _byStage[decision.Model]!;
            return AnswerMapping.WithAnswer(Reply(CascadeStatus.Answered), request, chosen, services.Options.MaxLogProbabilityTokens) with
            {
                BudgetLimited = chosen.Record.Clamped || _attempts.Exists(a => a.Record.Outcome == AttemptOutcome.Unaffordable),
            };
        }

        var (status, problem) = NoAnswer.Explain(_attempts, services.Model.FindAccount(request.Account) is not null, decision.Reason, LeftOut());
        return Reply(status) with
        {
            Problem = problem,
            RetryAfter = status == CascadeStatus.Overloaded ? _attempts.Where(a => a.RetryAfter > TimeSpan.Zero).Min(a => (TimeSpan?)a.RetryAfter) : null,
            Refusal = status == CascadeStatus.InsufficientQuota ? _attempts.Select(a => a.Refusal).LastOrDefault(r => r is not null) : null,
        };
    }

    private string LeftOut() => _leftOut.Length > 0 ? view.Explain(services.Routes.Find(request.Model)!) : "";

    private CascadeReply Reply(CascadeStatus status) => new()
    {
        Status = status,
        Usage = _attempts.Aggregate(default(TokenUsage), (sum, a) => sum + a.Record.Usage),
        CostNanos = _attempts.Sum(a => a.Record.CostNanos),
        Attempts = [.. _attempts.Select(a => a.Record)],
        Decisions = [.. _decisions],
        Escalated = _escalated,
    };
}
