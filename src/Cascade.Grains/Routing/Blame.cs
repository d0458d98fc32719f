using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Routing;

/// <summary>Says who is to blame for how a call ended, and what that says of its endpoint.</summary>
internal static class Blame
{
    public static (AttemptBlame Blame, AttemptStage Stage) Of(ModelCallStatus status) => status switch
    {
        ModelCallStatus.Answered => (AttemptBlame.None, AttemptStage.None),
        ModelCallStatus.Cancelled => (AttemptBlame.Caller, AttemptStage.Waiting),
        ModelCallStatus.RejectedRequest => (AttemptBlame.Caller, AttemptStage.Reading),
        ModelCallStatus.Unauthorized => (AttemptBlame.Operator, AttemptStage.Reading),
        ModelCallStatus.RateLimited => (AttemptBlame.ProviderLimit, AttemptStage.Reading),
        ModelCallStatus.ProviderError => (AttemptBlame.Provider, AttemptStage.Reading),
        ModelCallStatus.TimedOut => (AttemptBlame.Provider, AttemptStage.Waiting),
        ModelCallStatus.Unreachable => (AttemptBlame.Network, AttemptStage.Connecting),
        ModelCallStatus.ConnectionLost => (AttemptBlame.Network, AttemptStage.Waiting),
        ModelCallStatus.MalformedResponse => (AttemptBlame.Provider, AttemptStage.Reading),
        ModelCallStatus.Stopped => (AttemptBlame.None, AttemptStage.None),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };

    /// <summary>
    /// What the endpoint's health learns. A refused request shows that the provider is there; refused credentials fail every call, so the
    /// endpoint is no use until they are repaired; a caller that went away says nothing.
    /// </summary>
    public static CallEffect EffectOf(ModelCallStatus status) => Of(status).Blame switch
    {
        AttemptBlame.None => CallEffect.Answered,
        AttemptBlame.ProviderLimit => CallEffect.Throttled,
        AttemptBlame.Caller => status == ModelCallStatus.RejectedRequest ? CallEffect.Answered : CallEffect.Neutral,
        _ => CallEffect.Failed,
    };

    public static Attempt With(this Attempt attempt, AttemptBlame blame, AttemptStage stage) =>
        attempt with { Record = attempt.Record with { Blame = blame, Stage = stage } };
}
