using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Planning.Decisions;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Routing;

/// <summary>Why a request has no answer, from what its attempts came to.</summary>
internal static class NoAnswer
{
    /// <summary>The failure of a call that was not made because the request holds an image and the endpoint takes none.</summary>
    public const string NoImages = "no-images";

    /// <summary>The failure of a call that was not made because log-probabilities are asked for and the endpoint says none.</summary>
    public const string NoLogProbabilities = "no-logprobs";

    /// <summary>The failure of a call that was not made because the answer is to be held to its schema and the endpoint cannot do that.</summary>
    public const string NoStrictFormat = "no-strict-format";

    /// <summary>The failure of a call that was not made because its endpoint lacks something.</summary>
    public static string Lacking(EndpointFeatures features) => features.HasFlag(EndpointFeatures.LogProbabilities) ? NoLogProbabilities : NoStrictFormat;

    /// <summary>
    /// The status and the sentence. An answer that was turned down outranks every failure, because it and no failure decided; then money that is only held for
    /// the moment, because the cheapest way may be payable soon; then a cap, because a retry cannot help; then what a retry of the caller can help, then the
    /// providers.
    /// </summary>
    /// <param name="attempts">What was tried, in order.</param>
    /// <param name="knownAccount">Whether the account is known.</param>
    /// <param name="reason">Why the policy gave up.</param>
    /// <param name="leftOut">Whom filters left out, as a sentence without its end; empty for nobody.</param>
    public static (CascadeStatus Status, string Problem) Explain(
        IReadOnlyList<Attempt> attempts, bool knownAccount, DecisionReason reason, string leftOut = "")
    {
        if (!knownAccount || attempts.Any(a => a.Reserve == ReserveOutcome.UnknownAccount))
        {
            return (CascadeStatus.UnknownAccount, "the account is not configured; add it under Cascade:Accounts");
        }

        if (reason == DecisionReason.ScoreTooLow)
        {
            return (CascadeStatus.Abstained, "the answer scored so low that the route's plan returns none; ask another way, or another route");
        }

        if (attempts.Count == 0)
        {
            return leftOut.Length > 0
                ? (CascadeStatus.NotAllowed, $"nothing may answer: {leftOut}; ask another model, or allow more")
                : (CascadeStatus.ProviderFailed, "no provider was called");
        }

        if (attempts.All(a => a.Record.Error == NoImages))
        {
            return (CascadeStatus.InvalidRequest, "messages: hold an image and no endpoint of the model takes images; set MaxTokensPerImage of one that does");
        }

        if (attempts.All(a => a.Record.Error is NoLogProbabilities or NoStrictFormat))
        {
            return (CascadeStatus.InvalidRequest, attempts[^1].Record.Error == NoLogProbabilities
                ? "logprobs: no endpoint of the model says them; leave them out, or ask a model that is called through chat completions"
                : "response_format.json_schema.strict: no endpoint of the model can promise it; leave it out, or ask a model that is called through chat completions");
        }

        if (attempts.Any(a => a.Reserve == ReserveOutcome.Unavailable))
        {
            return (CascadeStatus.BudgetUnavailable, "the account's money is held by calls under way or could not be reached; retry soon");
        }

        if (attempts.All(a => a.Record.Outcome is AttemptOutcome.Unaffordable) && attempts.Any(a => a.Reserve == ReserveOutcome.CapReached))
        {
            return (CascadeStatus.InsufficientQuota, "the account's budget cannot pay for the cheapest way to answer");
        }

        if (attempts.LastOrDefault(a => a.Record.Outcome == AttemptOutcome.NoCapacity) is { Record: var full })
        {
            return (CascadeStatus.Overloaded, $"no capacity of '{full.Endpoint}' came free in time ({full.Error}); retry later");
        }

        if (attempts.Any(a => a.Reserve == ReserveOutcome.CapReached))
        {
            return (CascadeStatus.InsufficientQuota, "a provider failed and the account's budget cannot pay for another one");
        }

        var last = attempts[^1];
        if (attempts.All(IsOwnKeyRefused))
        {
            return (CascadeStatus.OwnKeyRejected, $"the provider of '{last.Record.Endpoint}' does not accept the key that the account brings ({last.Record.Error}); "
                + "have the key replaced");
        }

        // Without a time to come back it may as well be the operator's credit that is used up.
        if (attempts.All(a => a.Call == ModelCallStatus.RateLimited) && attempts.Any(a => a.RetryAfter > TimeSpan.Zero))
        {
            return (CascadeStatus.Overloaded, $"the provider of '{last.Record.Endpoint}' takes no more calls now ({last.Record.Error}); retry later");
        }

        return last.Call == ModelCallStatus.RejectedRequest
            ? (CascadeStatus.InvalidRequest, $"the provider of '{last.Record.Endpoint}' does not accept the request ({last.Record.Error})")
            : (CascadeStatus.ProviderFailed, $"every endpoint failed; the last was '{last.Record.Endpoint}' ({last.Record.Error})" + (leftOut.Length > 0 ? $"; {leftOut}" : ""));
    }

    private static bool IsOwnKeyRefused(Attempt attempt) => attempt is { Call: ModelCallStatus.Unauthorized, Record.OwnKey: true };
}
