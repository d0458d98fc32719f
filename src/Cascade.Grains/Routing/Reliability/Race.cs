using Cascade.Providers.Calling;

namespace Cascade.Grains.Routing;

/// <summary>
/// Two calls for one answer. The first to have it, or to put a word of it on a stream, wins, and the other is given up. Thread-safe.
/// </summary>
internal sealed class Race(CancellationToken caller) : IDisposable
{
    private const int Nobody = -1;

    private readonly CancellationTokenSource[] _lanes =
        [CancellationTokenSource.CreateLinkedTokenSource(caller), CancellationTokenSource.CreateLinkedTokenSource(caller)];

    private readonly Lock _lock = new();
    private readonly bool[] _gone = new bool[2];
    private int _winner = Nobody;

    /// <summary>Whether somebody has won.</summary>
    public bool IsWon => Volatile.Read(ref _winner) != Nobody;

    /// <summary>Cancelled when the lane's call is given up.</summary>
    public CancellationToken TokenOf(int lane) => _lanes[lane].Token;

    /// <summary>Whether another lane has won.</summary>
    public bool IsLost(int lane) => Volatile.Read(ref _winner) is var winner && winner != Nobody && winner != lane;

    /// <summary>Sends a lane's call off, unless another lane has won: from then on it may cost money.</summary>
    /// <returns>Whether it may be made.</returns>
    public bool TryGo(int lane)
    {
        lock (_lock)
        {
            return !IsLost(lane) && (_gone[lane] = true);
        }
    }

    /// <summary>Whether a lane's call was sent off.</summary>
    public bool HasGone(int lane)
    {
        lock (_lock)
        {
            return _gone[lane];
        }
    }

    /// <summary>Claims the win.</summary>
    /// <returns>Whether the lane has it.</returns>
    public bool TryWin(int lane)
    {
        lock (_lock)
        {
            if (_winner != Nobody)
            {
                return _winner == lane;
            }

            Volatile.Write(ref _winner, lane);
        }

        try
        {
            _lanes[1 - lane].Cancel();
        }
        catch (Exception e) when (e is ObjectDisposedException or AggregateException)
        {
            // The other is over, or something of its own failed on hearing of it; the winner's money must be booked all the same.
        }

        return true;
    }

    public void Dispose() => Array.ForEach(_lanes, static lane => lane.Dispose());
}

/// <summary>Lets only the winner's words through, and has the first word win.</summary>
internal sealed class RaceSink(IModelStreamSink inner, Race race, int lane) : IModelStreamSink
{
    public IModelStreamSink Inner => inner;

    public bool Accept(string text) => race.TryWin(lane) && inner.Accept(text);
}
