using System.Collections.Immutable;

namespace Cascade.Planning.Pacing.Simulation;

/// <summary>A run in progress.</summary>
internal sealed class PacingReplay
{
    private readonly PacingRows _rows;
    private readonly PacingScenario _scenario;
    private readonly IPacer _pacer;
    private readonly IPacingRule _rule;
    private readonly RowOrder _order;
    private readonly double[] _times;
    private readonly Queue<OpenCall> _open = new();
    private readonly CostDriftState[] _drift;
    private readonly double[] _costUsd;
    private readonly double[] _quality;
    private readonly double[] _scores;
    private readonly int[] _served;
    private readonly ImmutableArray<PacingPoint>.Builder _series = ImmutableArray.CreateBuilder<PacingPoint>();
    private readonly int _stride;
    private SpendGuard _guard;
    private PacerState _state;
    private int _now;
    private int _cheapest;
    private double _qualitySum;
    private double _priceSum;
    private double _peak;
    private (int Refused, int Declined, int Downgraded, int Overruns, int Truncated) _counts;

    public PacingReplay(PacingRows rows, PacingScenario scenario, IPacer pacer, IPacingRule rule)
    {
        (_rows, _scenario, _pacer, _rule) = (rows, scenario, pacer, rule);
        _order = new RowOrder(rows.RowCount, scenario.Seed);
        _times = scenario.Arrivals.Draw(scenario.Requests, ~scenario.Seed);
        _drift = new CostDriftState[rows.ActionCount];
        _costUsd = new double[rows.ActionCount];
        _quality = new double[rows.ActionCount];
        _scores = new double[rows.ActionCount];
        _served = new int[rows.ActionCount];
        _stride = Math.Max(1, (int)Math.Ceiling(scenario.Requests / (double)scenario.SeriesPoints));
        _guard = new SpendGuard(scenario.BudgetUsd, 0, 0);
        _state = pacer.Start(scenario.StartPrice);
    }

    public void Serve(int index)
    {
        _now = index;
        while (_open.Count > _scenario.InFlight)
        {
            Settle(_open.Dequeue());
        }

        if (index % _stride == 0)
        {
            _series.Add(new PacingPoint(index, _times[index], _state.Price, _guard.SpentUsd, index == 0 ? 0 : _qualitySum / index));
        }

        _priceSum += _state.Price;
        Decide(_order.Next());

        // With nothing in flight the call has settled before the next request comes.
        if (_scenario.InFlight == 0 && _open.Count > 0)
        {
            Settle(_open.Dequeue());
        }
    }

    public PacingRun Finish()
    {
        while (_open.Count > 0)
        {
            Settle(_open.Dequeue());
        }

        _series.Add(new PacingPoint(_scenario.Requests, 1, _state.Price, _guard.SpentUsd, _qualitySum / _scenario.Requests));
        return new PacingRun
        {
            MeanQuality = _qualitySum / _scenario.Requests,
            SpendUsd = _guard.SpentUsd,
            BudgetUsd = _scenario.BudgetUsd,
            Refused = _counts.Refused,
            Declined = _counts.Declined,
            Downgraded = _counts.Downgraded,
            Overruns = _counts.Overruns,
            Truncated = _counts.Truncated,
            PeakCommittedUsd = _peak,
            Shares = [.. _served.Select(n => n / (double)_scenario.Requests)],
            MeanPrice = _priceSum / _scenario.Requests,
            FinalState = _state,
            Series = _series.ToImmutable(),
        };
    }

    private void Decide(int row)
    {
        Estimate(row);
        var question = new PacingQuestion { Quality = _quality, CostUsd = _costUsd, Price = _state.Price, Index = _now };
        if (!_rule.Score(question, _scores))
        {
            _counts.Declined++;
            Report(0, 0);
            return;
        }

        var preferred = Best(mustFit: false);
        var action = preferred >= 0 ? Best(mustFit: true) : -1;
        if (action < 0)
        {
            _counts.Refused++;
            Report(0, 0);
            return;
        }

        _counts.Downgraded += action == preferred ? 0 : 1;
        Call(row, action);
    }

    private void Estimate(int row)
    {
        _rows.Estimates.Quality(row).CopyTo(_quality);
        _rows.Estimates.CostUsd(row).CopyTo(_costUsd);
        _cheapest = 0;
        for (var i = 0; i < _costUsd.Length; i++)
        {
            var (quality, cost) = Factors(i, announcedOnly: true);
            _quality[i] *= quality;
            _costUsd[i] *= cost * Drift(i);
            _cheapest = _costUsd[i] < _costUsd[_cheapest] ? i : _cheapest;
        }
    }

    private double Drift(int action) => _scenario.CostDrift?.Factor(_drift[action]) ?? 1;

    private int Best(bool mustFit)
    {
        var best = -1;
        for (var i = 0; i < _scores.Length; i++)
        {
            if (double.IsNaN(_scores[i]) || double.IsNegativeInfinity(_scores[i]) || (mustFit && Available(i) < Least(i)))
            {
                continue;
            }

            // A tie goes to the cheaper action at every price, 0 included.
            if (best < 0 || _scores[i] > _scores[best] || (_scores[i] == _scores[best] && _costUsd[i] < _costUsd[best]))
            {
                best = i;
            }
        }

        return best;
    }

    private void Call(int row, int action)
    {
        var (quality, cost) = Factors(action, announcedOnly: false);
        var reserved = Math.Min(Worst(action), Available(action));
        var call = new OpenCall(
            action, reserved, _rows.Recorded.CostUsd(row)[action] * cost, _rows.Recorded.Quality(row)[action] * quality,
            _rows.Estimates.CostUsd(row)[action] * Factors(action, announcedOnly: true).Cost);
        if (call.CostUsd > reserved && reserved < Worst(action))
        {
            // Cut off at its output limit: all of it is paid, and nothing is known to be worth anything.
            call = call with { CostUsd = reserved, Quality = 0 };
            _counts.Truncated++;
        }

        _guard = _guard.Reserve(reserved);
        _peak = Math.Max(_peak, _guard.SpentUsd + _guard.ReservedUsd);
        _served[action]++;
        _qualitySum += call.Quality;
        _counts.Overruns += call.CostUsd > reserved ? 1 : 0;
        _open.Enqueue(call);
    }

    private double Available(int action) => action == _cheapest || _scenario.Rest is null
        ? _guard.AvailableUsd
        : Math.Max(0, _guard.AvailableUsd - (Drift(_cheapest) * _scenario.Rest.NeededUsd(Upcoming())));

    private void Settle(OpenCall call)
    {
        _guard = _guard.Settle(call.ReservedUsd, call.CostUsd);
        _peak = Math.Max(_peak, _guard.SpentUsd + _guard.ReservedUsd);
        if (_open.Count == 0)
        {
            // Sums of reservations leave rounding behind, which must not outlive the reservations.
            _guard = _guard with { ReservedUsd = 0 };
        }

        if (_scenario.CostDrift is { } drift)
        {
            _drift[call.Action] = drift.Observe(_drift[call.Action], call.EstimatedUsd, call.CostUsd);
        }

        Report(call.CostUsd, call.Quality);
    }

    private void Report(double costUsd, double quality) => _state = _pacer.Update(_state, new PacingReport
    {
        Requests = 1,
        SpendUsd = costUsd,
        RemainingBudgetUsd = _guard.RemainingUsd,
        ExpectedRemainingRequests = Remaining(),
        InFlight = _open.Count,
        WindowShare = _times[_now],
        MeanQuality = _scenario.ReportsQuality ? quality : null,
    });

    // Open calls have yet to be paid from what is left, so they count as still to come.
    private double Remaining() => _open.Count + Upcoming();

    private double Upcoming() => _scenario.Knowledge switch
    {
        TrafficKnowledge.Clock => _scenario.Requests * (1 - _times[_now]),
        TrafficKnowledge.Profile => _scenario.Profile!.RequestsFrom(_times[_now]),
        _ => _scenario.Requests - _now - 1,
    };

    private double Worst(int action) => _rows.WorstUsd[action] * Factors(action, announcedOnly: false).Cost;

    private double Least(int action) => Math.Min(Worst(action), _costUsd[action] * _rows.LeastOverEstimate[action]);

    private (double Quality, double Cost) Factors(int action, bool announcedOnly)
    {
        var (quality, cost) = (1.0, 1.0);
        foreach (var change in _scenario.Changes)
        {
            if (_now >= change.FromShare * _scenario.Requests && (change.Model ?? action) == action && (change.IsAnnounced || !announcedOnly))
            {
                quality *= change.QualityFactor;
                cost *= change.CostFactor;
            }
        }

        return (quality, cost);
    }

    private readonly record struct OpenCall(int Action, double ReservedUsd, double CostUsd, double Quality, double EstimatedUsd);
}
