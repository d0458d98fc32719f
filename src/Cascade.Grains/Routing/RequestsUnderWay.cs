namespace Cascade.Grains.Routing;

/// <summary>
/// Counts the requests of a silo, so that one that stops can wait for those it had begun by then, while it still takes others. Thread-safe.
/// </summary>
internal sealed class RequestsUnderWay
{
    private int _old;
    private volatile bool _isStopping;

    /// <summary>Whether the silo has begun to stop.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Requests that were begun before the silo began to stop and have not ended.</summary>
    public int Old => Volatile.Read(ref _old);

    /// <summary>A request begins.</summary>
    /// <returns>Whether it is waited for; it ends with that.</returns>
    public bool Begin()
    {
        if (_isStopping)
        {
            return false;
        }

        Interlocked.Increment(ref _old);
        return true;
    }

    /// <summary>A request, or its reader, has come to an end.</summary>
    public void End(bool isOld) => Interlocked.Add(ref _old, isOld ? -1 : 0);

    /// <summary>Requests that begin from now on are not waited for.</summary>
    public void Stop() => _isStopping = true;
}
