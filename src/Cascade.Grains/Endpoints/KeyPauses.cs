using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Endpoints;

/// <summary>
/// How long providers want no calls under keys that accounts bring, as far as this silo has heard. Another key of the same endpoint is not concerned.
/// Thread-safe.
/// </summary>
internal sealed class KeyPauses(TimeProvider time)
{
    /// <summary>A delay of less than that is none at all.</summary>
    private static readonly TimeSpan LeastDelay = TimeSpan.FromMilliseconds(1);

    // Keys are configured, so there are no more entries than configured keys times their endpoints.
    private readonly ConcurrentDictionary<(EndpointId Endpoint, ProviderKey Key), long> _until = new();

    /// <summary>How long no call is to be made; zero for a call under the endpoint's own key.</summary>
    public TimeSpan Left(EndpointModel endpoint) =>
        endpoint.OwnKey is { } own && _until.TryGetValue((endpoint.Id, own.Key), out var until) && until - time.GetTimestamp() is > 0 and var left
            ? TimeSpan.FromSeconds(left / (double)time.TimestampFrequency)
            : TimeSpan.Zero;

    /// <summary>Learns what the provider said to a key.</summary>
    public void Learn(EndpointModel endpoint, in CallReport report)
    {
        if (endpoint.OwnKey is not { } own || ProviderPause.Of(report, endpoint.Capacity.ExpectedTokens) is not { } wait || wait <= TimeSpan.Zero)
        {
            return;
        }

        var until = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        _until.AddOrUpdate((endpoint.Id, own.Key), until, (_, before) => Math.Max(before, until));
    }

    /// <summary>Waits until a call may be made.</summary>
    /// <param name="endpoint">The endpoint as the call meets it.</param>
    /// <param name="most">How long the call may wait.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Zero when it may be made; otherwise when to come back, because it would wait too long.</returns>
    public async ValueTask<TimeSpan> WaitAsync(EndpointModel endpoint, TimeSpan most, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (Left(endpoint) is var left && left > TimeSpan.Zero)
        {
            if (time.GetElapsedTime(started) + left > most)
            {
                return left;
            }

            await Task.Delay(left > LeastDelay ? left : LeastDelay, time, cancellationToken);
        }

        return TimeSpan.Zero;
    }
}
