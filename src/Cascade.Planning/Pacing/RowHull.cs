namespace Cascade.Planning.Pacing;

/// <summary>Where one row's choice argmax q̂ − λĉ changes as the price falls: the upper concave hull of its actions.</summary>
internal static class RowHull
{
    /// <summary>Adds a row's changes of choice.</summary>
    /// <param name="quality">q̂ per action.</param>
    /// <param name="costUsd">ĉ per action.</param>
    /// <param name="chargedUsd">What a choice is charged with.</param>
    /// <param name="prices">Takes the prices below which the next action is chosen.</param>
    /// <param name="steps">Takes what each change adds to the charge.</param>
    /// <returns>The charge at an infinite price.</returns>
    public static double Collect(
        ReadOnlySpan<double> quality, ReadOnlySpan<double> costUsd, ReadOnlySpan<double> chargedUsd, List<double> prices, List<double> steps)
    {
        var at = Cheapest(quality, costUsd);
        var charged = chargedUsd[at];
        while (Next(at, quality, costUsd, out var price) is var next && next >= 0)
        {
            prices.Add(price);
            steps.Add(chargedUsd[next] - chargedUsd[at]);
            at = next;
        }

        return charged;
    }

    private static int Cheapest(ReadOnlySpan<double> quality, ReadOnlySpan<double> costUsd)
    {
        var at = 0;
        for (var i = 1; i < costUsd.Length; i++)
        {
            if (costUsd[i] < costUsd[at] || (costUsd[i] == costUsd[at] && quality[i] > quality[at]))
            {
                at = i;
            }
        }

        return at;
    }

    private static int Next(int at, ReadOnlySpan<double> quality, ReadOnlySpan<double> costUsd, out double price)
    {
        var next = -1;
        price = 0;
        for (var i = 0; i < costUsd.Length; i++)
        {
            if (!(costUsd[i] > costUsd[at]) || !(quality[i] > quality[at]))
            {
                continue;
            }

            // Of actions on one line the dearest comes next: between them no price chooses the middle one.
            var slope = (quality[i] - quality[at]) / (costUsd[i] - costUsd[at]);
            if (slope > price || (slope == price && next >= 0 && costUsd[i] > costUsd[next]))
            {
                (next, price) = (i, slope);
            }
        }

        return next;
    }
}
