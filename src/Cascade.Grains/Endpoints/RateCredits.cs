namespace Cascade.Grains.Endpoints;

/// <summary>
/// One limit per minute on its way to silos: frees up evenly, in bursts of a few seconds' worth at most, and is saved up for silos by their
/// shares, so that whoever asks more often gets no more. Soft state: losing it costs a moment of throughput.
/// </summary>
internal sealed class RateCredits(long perMinute, TimeSpan burst)
{
    private readonly Dictionary<string, double> _credits = new(StringComparer.Ordinal);
    private readonly double _perSecond = perMinute / 60.0;
    private double _paced = Math.Max(1, perMinute / 60.0 * burst.TotalSeconds);
    private DateTimeOffset _at;

    /// <summary>The most that is saved up: what frees up while nobody wants it is not a burst for later.</summary>
    private double Depth => Math.Max(1, _perSecond * burst.TotalSeconds);

    /// <summary>Divides what has become free.</summary>
    /// <param name="free">The limit less what counts against it.</param>
    /// <param name="shares">The share of each silo, summing to 1 at most, and the most it may save up.</param>
    /// <param name="now">The time.</param>
    public void Divide(long free, IReadOnlyDictionary<string, (double Share, double Most)> shares, DateTimeOffset now)
    {
        if (_at != default && now > _at)
        {
            _paced += (now - _at).TotalSeconds * _perSecond;
        }

        _at = now;
        foreach (var gone in _credits.Keys.Where(holder => !shares.ContainsKey(holder)).ToList())
        {
            _credits.Remove(gone);
        }

        foreach (var (holder, (_, most)) in shares)
        {
            if (_credits.GetValueOrDefault(holder) > most)
            {
                _credits[holder] = most;
            }
        }

        Spread(shares, Math.Min(_paced, free) - _credits.Values.Sum());

        // A large single call may need more than a burst; it is saved up as a credit, so only what is not promised is bounded.
        _paced = Math.Min(_paced, Depth + _credits.Values.Sum());
    }

    /// <summary>What a silo may take now.</summary>
    public double Of(string holder) => _credits.GetValueOrDefault(holder);

    /// <summary>Takes some of it.</summary>
    public void Take(string holder, double amount)
    {
        _credits[holder] = Of(holder) - amount;
        _paced -= amount;
    }

    /// <summary>Puts back what a silo took and did not use.</summary>
    public void PutBack(double amount) => _paced += amount;

    /// <summary>How long until a silo with this share has this much.</summary>
    public TimeSpan Until(string holder, double share, double amount) =>
        TimeSpan.FromSeconds(Math.Max(0, amount - Of(holder)) / Math.Max(1e-9, _perSecond * share));

    private void Spread(IReadOnlyDictionary<string, (double Share, double Most)> shares, double more)
    {
        if (more < 0)
        {
            var total = _credits.Values.Sum();
            var keep = total > 0 ? Math.Max(0, total + more) / total : 0;
            foreach (var holder in _credits.Keys.ToList())
            {
                _credits[holder] *= keep;
            }

            return;
        }

        // What does not fit into one silo's credit goes to the others; each round fills at least one.
        var open = shares.Where(s => s.Value.Share > 0).Select(s => s.Key).ToList();
        while (more > 1e-9 && open.Count > 0)
        {
            var (left, weights) = (more, open.Sum(h => shares[h].Share));
            foreach (var holder in open)
            {
                var part = Math.Min(left * shares[holder].Share / weights, shares[holder].Most - Of(holder));
                _credits[holder] = Of(holder) + part;
                more -= part;
            }

            if (open.RemoveAll(h => shares[h].Most - Of(h) < 1e-9) == 0)
            {
                return;
            }
        }
    }
}
