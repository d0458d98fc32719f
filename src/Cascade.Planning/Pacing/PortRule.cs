namespace Cascade.Planning.Pacing;

/// <summary>
/// PORT (arXiv 2509.02718) as a baseline: the first ε of the requests go to a model or to none at random, then <see cref="SampleDual"/> is solved
/// once on their estimates, and the rest go to argmax α·q̂ − γ·ĉ. Not thread-safe; one instance per run.
/// </summary>
/// <remarks>
/// Its prices never move again, so that drift goes unseen. PORT's estimates are means over the five nearest neighbours; any estimates can be given.
/// The pacer's price is not used.
/// </remarks>
public sealed class PortRule : IPacingRule
{
    private readonly PortOptions _options;
    private readonly int _sampleSize;
    private readonly double _budgetShare;
    private readonly List<double> _values = [];
    private readonly List<double> _costs = [];
    private readonly SplitMix64 _random;
    private double[]? _prices;

    /// <summary>Creates a rule to make fresh ones from.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names every such setting.</exception>
    public PortRule(PortOptions options)
        : this(options, 1, 0)
    {
    }

    private PortRule(PortOptions options, int requests, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        _options = options;
        _sampleSize = Math.Max(1, (int)(options.SampleShare * requests));
        _budgetShare = (double)_sampleSize / requests;
        _random = new SplitMix64(seed);
    }

    /// <summary>γ per model; empty while the sample is collected.</summary>
    public IReadOnlyList<double> Prices => _prices ?? [];

    /// <inheritdoc/>
    public IPacingRule Fresh(int requests, ulong seed) => new PortRule(_options, Math.Max(1, requests), seed);

    /// <inheritdoc/>
    public bool Score(in PacingQuestion question, Span<double> scores)
    {
        if (scores.Length != _options.BudgetsUsd.Length)
        {
            throw new ArgumentException($"{scores.Length} actions but {_options.BudgetsUsd.Length} budgets; give one budget per action", nameof(scores));
        }

        if (question.Index < _sampleSize)
        {
            return Explore(question, scores);
        }

        _prices ??= Solve();
        var best = double.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (_options.Scale * question.Quality[i]) - (_prices[i] * question.CostUsd[i]);
            best = Math.Max(best, scores[i]);
        }

        return _options.Mode == SampleDualMode.Compat || best >= 0;
    }

    private bool Explore(in PacingQuestion question, Span<double> scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            _values.Add(question.Quality[i]);
            _costs.Add(question.CostUsd[i]);
        }

        var choice = _random.Below(scores.Length + 1);
        scores.Clear();
        if (choice == scores.Length)
        {
            return false;
        }

        scores[choice] = 1;
        return true;
    }

    private double[] Solve()
    {
        var budgets = new double[_options.BudgetsUsd.Length];
        for (var i = 0; i < budgets.Length; i++)
        {
            budgets[i] = _budgetShare * _options.BudgetsUsd[i];
        }

        return SampleDual.Solve([.. _values], [.. _costs], budgets, _options.Scale, _options.Mode);
    }
}
