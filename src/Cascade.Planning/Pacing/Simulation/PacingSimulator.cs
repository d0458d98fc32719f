namespace Cascade.Planning.Pacing.Simulation;

/// <summary>
/// Replays recorded outcomes through a pacer and a rule, one request after the other, under a hard cap that is kept by reservations. Deterministic:
/// the same rows, scenario, pacer and rule give the same run. Pure; takes time in proportion to requests times actions.
/// </summary>
public static class PacingSimulator
{
    // What a rule draws must not follow the order of the rows.
    private const ulong RuleStream = 0x5851f42d4c957f2d;

    /// <summary>Runs a scenario.</summary>
    /// <param name="rows">What to run over.</param>
    /// <param name="scenario">The run.</param>
    /// <param name="pacer">Sets the price.</param>
    /// <param name="rule">Decides at that price; a fresh copy of it is used.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ArgumentException">The scenario has a value out of its range; the message names every such value.</exception>
    public static PacingRun Run(PacingRows rows, PacingScenario scenario, IPacer pacer, IPacingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(pacer);
        ArgumentNullException.ThrowIfNull(rule);
        scenario.Require(rows.ActionCount);
        var run = new PacingReplay(rows, scenario, pacer, rule.Fresh(scenario.Requests, scenario.Seed ^ RuleStream));
        for (var i = 0; i < scenario.Requests; i++)
        {
            run.Serve(i);
        }

        return run.Finish();
    }
}
