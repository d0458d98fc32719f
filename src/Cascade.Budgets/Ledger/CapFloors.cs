namespace Cascade.Budgets;

/// <summary>What the floors of a cap keep from whom.</summary>
internal static class CapFloors
{
    /// <summary>Under whose name spend is told apart: a beneficiary with a floor, else the empty name.</summary>
    public static string PartOf(WindowCap cap, string beneficiary)
    {
        foreach (var floor in cap.Floors)
        {
            if (floor.Beneficiary == beneficiary)
            {
                return beneficiary;
            }
        }

        return "";
    }

    /// <summary>What is kept for others than one beneficiary: the part of each floor that is neither spent, held nor leased.</summary>
    /// <param name="state">The state.</param>
    /// <param name="window">The window.</param>
    /// <param name="beneficiary">Who asks.</param>
    /// <param name="withLeases">Whether open leases use up a floor; else what would be kept when all of them came back.</param>
    public static Money KeptFromOthers(LedgerState state, WindowState window, string beneficiary, bool withLeases)
    {
        var kept = Money.Zero;
        foreach (var floor in window.Cap.Floors)
        {
            if (floor.Beneficiary != beneficiary)
            {
                kept += Money.Max(Money.Zero, floor.Amount - Used(state, window, floor.Beneficiary, withLeases));
            }
        }

        return kept;
    }

    private static Money Used(LedgerState state, WindowState window, string beneficiary, bool withLeases)
    {
        var used = Money.Zero;
        foreach (var part in window.Parts)
        {
            used += part.Beneficiary == beneficiary ? part.Settled : Money.Zero;
        }

        foreach (var (_, entry) in state.Unconfirmed)
        {
            used += entry.Beneficiary == beneficiary && entry.At >= window.Start ? entry.Upper : Money.Zero;
        }

        if (!withLeases)
        {
            return used;
        }

        foreach (var (_, lease) in state.Leases)
        {
            used += lease.Beneficiary == beneficiary ? lease.Open : Money.Zero;
        }

        return used;
    }
}
