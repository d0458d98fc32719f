using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>What came of a silo's calls so far. Counted in place: every call is counted, and only what is reported becomes a message. Not thread-safe.</summary>
internal sealed class CallTotals
{
    private long _calls;
    private long _failures;
    private TokenUsage _tokens;
    private long _costNanos;
    private long _answered;
    private long _failed;
    private long _throttled;
    private TimeSpan _latency;
    private long _outputTokens;
    private long _timed;
    private long _probesAnswered;
    private long _probesFailed;

    /// <summary>What was used, as it is reported.</summary>
    public EndpointUsage Usage => new() { Calls = _calls, Failures = _failures, Tokens = _tokens, CostNanos = _costNanos };

    /// <summary>What it says of the provider, as it is reported.</summary>
    public CallSignals Signals => new()
    {
        Answered = _answered,
        Failed = _failed,
        Throttled = _throttled,
        Latency = _latency,
        OutputTokens = _outputTokens,
        ProbesAnswered = _probesAnswered,
        ProbesFailed = _probesFailed,
        Timed = _timed,
    };

    /// <summary>Counts a call that has ended.</summary>
    public void Count(in CallReport report, TimeSpan took, bool isProbe)
    {
        _calls++;
        _failures += report.HasFailed ? 1 : 0;
        _tokens += report.Tokens;
        _costNanos += report.CostNanos;
        switch (report.Effect)
        {
            case CallEffect.Answered:
                _answered++;
                _probesAnswered += isProbe ? 1 : 0;
                Time(report, took);
                break;
            case CallEffect.Failed:
                _failed++;
                _probesFailed += isProbe ? 1 : 0;
                break;
            case CallEffect.Throttled:
                _throttled++;
                break;
        }
    }

    /// <summary>A refusal of a bad request is quick, and would make every answer look slow.</summary>
    private void Time(in CallReport report, TimeSpan took)
    {
        if (report.HasFailed || report.Tokens.OutputTokens <= 0)
        {
            return;
        }

        _timed++;
        _latency += took;
        _outputTokens += report.Tokens.OutputTokens;
    }
}
