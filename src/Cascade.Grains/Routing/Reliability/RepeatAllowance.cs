namespace Cascade.Grains.Routing;

/// <summary>
/// Keeps repetitions below a share of the calls they repeat: each first call earns a part of a repetition, and a few are saved up at most.
/// Thread-safe.
/// </summary>
internal sealed class RepeatAllowance(double share, int most)
{
    private readonly Lock _lock = new();
    private double _spent;

    /// <summary>Counts a first call.</summary>
    public void Earn()
    {
        lock (_lock)
        {
            _spent = Math.Max(0, _spent - share);
        }
    }

    /// <summary>Takes the right to one repetition.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_spent + 1 > most)
            {
                return false;
            }

            _spent++;
            return true;
        }
    }
}
