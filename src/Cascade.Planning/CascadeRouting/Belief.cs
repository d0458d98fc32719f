namespace Cascade.Planning.CascadeRouting;

/// <summary>What is known of one request: everything a search reads. Reused from decision to decision by the thread that owns it.</summary>
internal sealed class Belief
{
    [ThreadStatic]
    private static Belief? _mine;

    private readonly double[] _mean = new double[QuasiNormalPoints.MaxDimensions];
    private readonly double[] _costUsd = new double[QuasiNormalPoints.MaxDimensions];

    private Belief()
    {
    }

    /// <summary>The belief of this thread, overwritten by its next decision.</summary>
    public static Belief Mine => _mine ??= new Belief();

    /// <summary>q̂ given everything seen, 0 to 1, by position in the pool.</summary>
    public Span<double> Mean => _mean;

    /// <summary>ĉ in dollars, judging included, by position in the pool.</summary>
    public Span<double> CostUsd => _costUsd;

    /// <summary>What Σ is, given the scores seen.</summary>
    public ConditionedEvidence Evidence { get; set; } = new([], []);

    /// <summary>k: the size of the pool.</summary>
    public int Count { get; set; }

    /// <summary>The models that answered, bit by bit.</summary>
    public int Answered { get; set; }

    /// <summary>The models that can still be called.</summary>
    public int Open { get; set; }

    /// <summary>Whether a model was called in vain.</summary>
    public bool AnyFailed { get; set; }

    /// <summary>The model that answered with the highest q̂, the cheaper of equals; -1 when none did.</summary>
    public int BestAnswer()
    {
        var best = -1;
        for (var i = 0; i < Count; i++)
        {
            if ((Answered >> i & 1) != 0 && (best < 0 || _mean[i] > _mean[best]))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>The cheapest model of a set, the earlier of equals.</summary>
    public int Cheapest(int set)
    {
        var cheapest = -1;
        for (var i = 0; i < Count; i++)
        {
            if ((set >> i & 1) != 0 && (cheapest < 0 || _costUsd[i] < _costUsd[cheapest]))
            {
                cheapest = i;
            }
        }

        return cheapest;
    }
}
