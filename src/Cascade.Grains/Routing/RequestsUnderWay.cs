namespace Cascade.Grains.Routing;

/// <summary>
/// Counts the requests of a silo, so that one that stops can wait for those it had begun by then, while it still takes others. Thread-safe.
/// </summary>
internal sealed class RequestsUnderWay
{
    private readonly int[] _counts = new int[2];
    private int _age;

    /// <summary>Whether the silo has begun to stop.</summary>
    public bool IsStopping => Volatile.Read(ref _age) > 0;

    /// <summary>Requests that were begun before the silo began to stop and have not ended.</summary>
    public int Old => Volatile.Read(ref _counts[0]);

    /// <summary>A request begins.</summary>
    /// <returns>What to end it with.</returns>
    public int Begin()
    {
        var age = Volatile.Read(ref _age);
        Interlocked.Increment(ref _counts[age]);
        return age;
    }

    /// <summary>A request, or its reader, has come to an end.</summary>
    public void End(int age) => Interlocked.Decrement(ref _counts[age]);

    /// <summary>Requests that begin from now on are not waited for.</summary>
    public void Stop() => Volatile.Write(ref _age, 1);
}
