using Microsoft.Extensions.Options;

namespace Cascade.Client;

/// <summary>Waits for a cluster that is still starting, and gives up on one that is not coming.</summary>
internal sealed class BoundedConnectionRetry(IOptions<CascadeClientOptions> options, TimeProvider time) : IClientConnectionRetryFilter
{
    private int _failures;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _failures) >= options.Value.MaxConnectionAttempts)
        {
            return false;
        }

        await Task.Delay(options.Value.ConnectionRetryDelay, time, cancellationToken);
        return true;
    }
}
