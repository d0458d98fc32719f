using Cascade.Grains.Model;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// An endpoint has two lanes: one for calls under its own key, and one for calls under keys that accounts bring. Each has places, a queue and a circuit of
/// its own, because what a provider says to one key says nothing of the other.
/// </summary>
internal static class EndpointLane
{
    // No name of an endpoint can hold a colon.
    private const string OwnKeys = ":own-keys";

    /// <summary>The name of the lane that a call takes; that of the endpoint's own key is the endpoint's.</summary>
    public static string Of(EndpointModel endpoint) => endpoint.OwnKey is null ? endpoint.Id.Value : endpoint.Id.Value + OwnKeys;

    /// <summary>What a lane can take.</summary>
    /// <param name="model">What the cluster serves.</param>
    /// <param name="lane">The lane's name.</param>
    /// <returns>The endpoint as calls of the lane meet it; null when there is none.</returns>
    public static EndpointModel? Find(ClusterModel model, string lane)
    {
        if (!lane.EndsWith(OwnKeys, StringComparison.Ordinal))
        {
            return model.Endpoints.GetValueOrDefault(lane);
        }

        return model.Endpoints.GetValueOrDefault(lane[..^OwnKeys.Length])?.ForOwnKeys();
    }
}
