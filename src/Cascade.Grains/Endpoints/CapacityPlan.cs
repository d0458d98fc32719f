namespace Cascade.Grains.Endpoints;

/// <summary>Divides an endpoint's capacity among silos by demand. Pure.</summary>
internal static class CapacityPlan
{
    /// <summary>
    /// Max-min fair shares: nobody gets more than it wants, and what one does not want goes to the others. Whole calls left over go to the
    /// first in order.
    /// </summary>
    /// <param name="capacity">What there is, at least 0.</param>
    /// <param name="wanted">What each wants, at least 0.</param>
    /// <returns>The shares, in the order of the wants.</returns>
    public static int[] Share(int capacity, IReadOnlyList<int> wanted)
    {
        var shares = new int[wanted.Count];
        var open = Enumerable.Range(0, wanted.Count).Where(i => wanted[i] > 0).ToList();
        var left = capacity;
        while (left > 0 && open.Count > 0)
        {
            var each = Math.Max(1, left / open.Count);
            foreach (var i in open)
            {
                var more = Math.Min(Math.Min(each, wanted[i] - shares[i]), left);
                shares[i] += more;
                left -= more;
            }

            open.RemoveAll(i => shares[i] >= wanted[i]);
        }

        return shares;
    }

    /// <summary>
    /// What one silo may have now: its fair share, but no more than the others leave, because a slice that is out cannot be taken back
    /// before its holder renews it.
    /// </summary>
    public static int Grant(int capacity, int fairShare, int heldByOthers) => Math.Min(fairShare, Math.Max(0, capacity - heldByOthers));
}
