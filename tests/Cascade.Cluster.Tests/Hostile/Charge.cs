using Cascade.Contracts;
using Xunit;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>What an attempt is charged, against what the provider bills for it and against the books.</summary>
internal static class Charge
{
    public static long Settled(AttemptRecord attempt) => attempt.Booking == Booking.Settled ? attempt.CostNanos : 0;

    /// <summary>Checks one attempt. A lie is a provider that bills other than it reports, which nobody can see.</summary>
    public static void Check(AttemptRecord attempt, long billed, bool isLie = false)
    {
        switch (attempt.Booking)
        {
            case Booking.Settled when attempt.UsageSource == UsageSource.Reported:
                Assert.True(isLie || attempt.CostNanos == billed, $"settled {attempt.CostNanos}, billed {billed}");
                break;
            case Booking.Settled:
                Assert.True(attempt.CostNanos >= billed, $"settled {attempt.CostNanos} by our count, billed {billed}");
                Assert.True(attempt.CostNanos <= attempt.ReservedNanos, $"settled {attempt.CostNanos} by our count, bound {attempt.ReservedNanos}");
                break;
            case Booking.Voided:
                Assert.Equal((0, 0), (billed, attempt.CostNanos));
                break;
            default:
                Assert.Equal(Booking.Unconfirmed, attempt.Booking);
                Assert.True(
                    attempt.LeastCostNanos <= billed && billed <= attempt.CostNanos, $"held from {attempt.LeastCostNanos} to {attempt.CostNanos}, billed {billed}");
                break;
        }
    }

    /// <summary>Checks that the books hold the attempts and nothing else.</summary>
    public static void CheckBooks(IReadOnlyList<AttemptRecord> attempts, AccountSnapshot books)
    {
        var held = attempts.Where(attempt => attempt.Booking == Booking.Unconfirmed).ToList();
        Assert.Equal(attempts.Sum(Settled), books.SettledNanos);
        Assert.Equal(held.Sum(attempt => attempt.LeastCostNanos), books.UnconfirmedLowerNanos);
        Assert.Equal(held.Sum(attempt => attempt.CostNanos), books.UnconfirmedUpperNanos);
    }
}
