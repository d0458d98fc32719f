using System.Collections.Immutable;
using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>
/// The latest moves of a budget's shadow price, for people to look at. Kept in memory only, from when the budget came to its silo: it is no
/// part of what is true, and storing it with every report would cost more than the ledger.
/// </summary>
internal sealed class PriceHistory
{
    /// <summary>The most points that are kept.</summary>
    public const int Limit = 128;

    private readonly Queue<PricePoint> _points = new();

    public ImmutableArray<PricePoint> Points => [.. _points];

    /// <summary>Notes a price; the oldest is forgotten when there are too many.</summary>
    public void Add(double price, WindowStanding? window, DateTimeOffset now)
    {
        if (_points.Count == Limit)
        {
            _points.Dequeue();
        }

        _points.Enqueue(new PricePoint
        {
            At = now,
            Price = price,
            SettledNanos = window?.Settled.Nanos ?? 0,
            RemainingNanos = window?.Remaining.Nanos ?? 0,
        });
    }
}
