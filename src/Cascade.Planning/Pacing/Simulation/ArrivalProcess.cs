namespace Cascade.Planning.Pacing.Simulation;

/// <summary>A process that spreads a given number of requests over a window, from 0 to 1. Immutable and deterministic.</summary>
public sealed record ArrivalProcess
{
    /// <summary>Poisson, the same rate throughout.</summary>
    public static ArrivalProcess Steady { get; } = new() { Kind = ArrivalKind.Steady };

    /// <summary>The kind.</summary>
    public required ArrivalKind Kind { get; init; }

    /// <summary>The busy rate over the quiet one, 1 to 1,000. The default is 10.</summary>
    public double PeakRatio { get; init; } = 10;

    /// <summary>Busy times, or waves, in the window, 1 to 10,000. The default is 7: a week's days.</summary>
    public int Cycles { get; init; } = 7;

    /// <summary>Draws the times of arrival.</summary>
    /// <param name="requests">How many, 1 or more.</param>
    /// <param name="seed">The same seed draws the same times.</param>
    /// <returns>The times, ascending, 0 to 1.</returns>
    /// <exception cref="ArgumentException">A setting is out of its range.</exception>
    public double[] Draw(int requests, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(requests, 1);
        if (Kind is not (ArrivalKind.Steady or ArrivalKind.Bursty or ArrivalKind.Diurnal) || PeakRatio is not (>= 1 and <= 1_000) || Cycles is < 1 or > 10_000)
        {
            throw new ArgumentException(
                $"{Kind} with peak ratio {PeakRatio} and {Cycles} cycles; give a kind, a ratio from 1 to 1,000 and 1 to 10,000 cycles", nameof(requests));
        }

        var random = new SplitMix64(seed);
        var edges = Kind == ArrivalKind.Steady ? [0, 1] : Edges(random);
        var mass = Mass(edges);
        var times = new double[requests];
        for (var i = 0; i < requests; i++)
        {
            times[i] = random.Unit() * mass[^1];
        }

        Array.Sort(times);
        var piece = 0;
        for (var i = 0; i < requests; i++)
        {
            while (piece < edges.Length - 2 && times[i] > mass[piece + 1])
            {
                piece++;
            }

            var within = (times[i] - mass[piece]) / (mass[piece + 1] - mass[piece]);
            times[i] = Math.Clamp(edges[piece] + (within * (edges[piece + 1] - edges[piece])), 0, 1);
        }

        return times;
    }

    /// <summary>The requests that each of some slots of equal length expects, for a spend plan. A bursty process expects the same in each.</summary>
    /// <param name="requests">How many in all.</param>
    /// <param name="slots">How many slots, 1 or more.</param>
    /// <returns>Requests per slot.</returns>
    public double[] Expected(double requests, int slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        var expected = new double[slots];
        for (var i = 0; i < slots; i++)
        {
            expected[i] = Kind == ArrivalKind.Diurnal ? Wave((i + 0.5) / slots) : 1;
        }

        var sum = expected.Sum();
        for (var i = 0; i < slots; i++)
        {
            expected[i] *= requests / sum;
        }

        return expected;
    }

    private const int PiecesPerWave = 24;

    // Diurnal edges are hours of a day; bursty ones alternate between quiet and busy.
    private double[] Edges(SplitMix64 random)
    {
        var pieces = Kind == ArrivalKind.Diurnal ? Cycles * PiecesPerWave : Cycles * 2;
        var edges = new double[pieces + 1];
        for (var i = 1; i <= pieces; i++)
        {
            edges[i] = edges[i - 1] + (Kind == ArrivalKind.Diurnal ? 1 : 1e-9 - Math.Log(1 - random.Unit()));
        }

        for (var i = 1; i <= pieces; i++)
        {
            edges[i] /= edges[pieces] > 0 && i < pieces ? edges[pieces] : 1;
        }

        edges[pieces] = 1;
        return edges;
    }

    private double[] Mass(double[] edges)
    {
        var mass = new double[edges.Length];
        for (var i = 0; i < edges.Length - 1; i++)
        {
            var rate = Kind switch
            {
                ArrivalKind.Bursty => i % 2 == 0 ? 1 : PeakRatio,
                ArrivalKind.Diurnal => Wave((edges[i] + edges[i + 1]) / 2),
                _ => 1,
            };
            mass[i + 1] = mass[i] + (rate * (edges[i + 1] - edges[i]));
        }

        return mass;
    }

    private double Wave(double at) => 1 + ((PeakRatio - 1) * (1 - Math.Cos(2 * Math.PI * Cycles * at)) / 2);
}
