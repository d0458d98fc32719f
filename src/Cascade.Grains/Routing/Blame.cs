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

    /// <summary>What the endpoint's health learns from a call under a key that an account brings: nothing of what is that key's own affair.</summary>
    public static CallEffect EffectOfOwnKey(ModelCallStatus status) =>
        status is ModelCallStatus.Unauthorized or ModelCallStatus.RateLimited ? CallEffect.Neutral : EffectOf(status);

    /// <summary>The failure of a call whose key an account brings, so that nobody looks for what is wrong with the endpoint's.</summary>
    public static string ErrorOfOwnKey(string error) => error.StartsWith("key-", StringComparison.Ordinal) ? $"own-{error}" : $"own-key-{error}";

    public static Attempt With(this Attempt attempt, AttemptBlame blame, AttemptStage stage) =>
        attempt with { Record = attempt.Record with { Blame = blame, Stage = stage } };
}
