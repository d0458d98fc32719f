namespace Cascade.Grains.Routing;

/// <summary>
/// Keeps repetitions below a share of the calls they repeat: each first call earns a part of a repetition, and a few are saved up at most.
/// Thread-safe.
/// </summary>
internal sealed class RepeatAllowance(double share)
{
    private const double Most = 10;

    private readonly Lock _lock = new();
    private double _saved = Most;

    /// <summary>Counts a first call.</summary>
    public void Earn()
    {
        lock (_lock)
        {
            _saved = Math.Min(Most, _saved + share);
        }
    }

    /// <summary>Takes the right to one repetition.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_saved < 1)
            {
                return false;
            }

            _saved--;
            return true;
        }
    }
}
