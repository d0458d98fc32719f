namespace Cascade.Grains.Endpoints;

/// <summary>What one tenant wants on one silo.</summary>
/// <param name="Holder">Index of the silo.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Weight">Its weight, above 0.</param>
/// <param name="Wanted">What it wants, at least 0.</param>
internal readonly record struct Want(int Holder, string Tenant, double Weight, double Wanted);

/// <summary>
/// Divides capacity among tenants wherever they call from, and then among silos. A tenant gains nothing by many callers or many silos. Pure.
/// </summary>
internal static class FairShares
{
    /// <summary>
    /// Weighted max-min fair shares of tenants: nobody gets more than it wants, and what one does not want goes to the others by weight. A
    /// tenant's share follows its wants over the silos.
    /// </summary>
    /// <returns>The shares, in the order of the wants.</returns>
    public static double[] Divide(double capacity, IReadOnlyList<Want> wants)
    {
        var tenants = new Dictionary<string, (double Weight, double Wanted)>(StringComparer.Ordinal);
        foreach (var want in wants)
        {
            var (weight, wanted) = tenants.GetValueOrDefault(want.Tenant);
            tenants[want.Tenant] = (Math.Max(weight, want.Weight), wanted + want.Wanted);
        }

        var level = Level(capacity, [.. tenants.Values.Where(static t => t.Wanted > 0)]);
        var shares = new double[wants.Count];
        for (var i = 0; i < shares.Length; i++)
        {
            var (weight, wanted) = tenants[wants[i].Tenant];
            shares[i] = wanted > 0 ? Math.Min(wanted, weight * level) * (wants[i].Wanted / wanted) : 0;
        }

        return shares;
    }

    /// <summary>
    /// Whole calls for silos with these shares. What is left over goes to those that are owed most, so that a silo whose share is less than one
    /// call has one from time to time.
    /// </summary>
    /// <param name="shares">Shares of silos, at least 0.</param>
    /// <param name="owed">What each got too little before; below 0 for too much.</param>
    /// <returns>Whole numbers with about the same sum.</returns>
    public static int[] Round(IReadOnlyList<double> shares, IReadOnlyList<double> owed)
    {
        const double Dust = 1e-6;
        var whole = shares.Select(static s => (int)(s + Dust)).ToArray();
        var rest = (int)(shares.Sum() + Dust) - whole.Sum();
        foreach (var i in Enumerable.Range(0, whole.Length)
            .Where(i => shares[i] - whole[i] > Dust)
            .OrderByDescending(i => shares[i] - whole[i] + owed[i])
            .ThenBy(static i => i)
            .Take(rest))
        {
            whole[i]++;
        }

        return whole;
    }

    /// <summary>What a tenant of weight 1 gets at most.</summary>
    private static double Level(double capacity, (double Weight, double Wanted)[] tenants)
    {
        Array.Sort(tenants, static (a, b) => (a.Wanted / a.Weight).CompareTo(b.Wanted / b.Weight));
        var (left, weights, level) = (capacity, tenants.Sum(static t => t.Weight), 0.0);
        foreach (var (weight, wanted) in tenants)
        {
            level = left / weights;
            if (wanted > weight * level)
            {
                return level;
            }

            // Whoever wants less than the level is served in full; the others share the rest.
            (left, weights, level) = (left - wanted, weights - weight, wanted / weight);
        }

        return level;
    }
}
