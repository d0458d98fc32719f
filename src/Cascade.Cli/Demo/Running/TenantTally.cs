using Cascade.Cli.Gateway;
using Cascade.Verification;

namespace Cascade.Cli.Demo.Running;

/// <summary>Counts what one tenant got. Thread-safe.</summary>
internal sealed class TenantTally(DemoTenant tenant, Workload workload)
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, int> _failures = new(StringComparer.Ordinal);
    private TallyTotals _totals = new();

    public DemoTenant Tenant => tenant;

    public TallyTotals Totals
    {
        get
        {
            lock (_lock)
            {
                return _totals with { Failures = new Dictionary<string, int>(_failures, StringComparer.Ordinal) };
            }
        }
    }

    public void Add(DemoQuestion question, ChatOutcome outcome)
    {
        lock (_lock)
        {
            _totals = _totals with { Requests = _totals.Requests + 1, CostNanos = _totals.CostNanos + outcome.CostNanos };
            if (outcome.Answered)
            {
                AddAnswer(question, outcome);
            }
            else if (outcome.OutOfBudget)
            {
                _totals = _totals with { Refused = _totals.Refused + 1 };
            }
            else
            {
                var code = $"{outcome.Status} {outcome.Code}";
                _failures[code] = _failures.GetValueOrDefault(code) + 1;
                _totals = _totals with { Failed = _totals.Failed + 1 };
            }
        }
    }

    public void SawPrice(double price)
    {
        lock (_lock)
        {
            _totals = _totals with { HighestShadowPrice = Math.Max(_totals.HighestShadowPrice, price) };
        }
    }

    private void AddAnswer(DemoQuestion question, ChatOutcome outcome) => _totals = _totals with
    {
        Answered = _totals.Answered + 1,
        Right = _totals.Right + (AnswerExtraction.AreSame(AnswerExtraction.Extract(outcome.Text).Text, question.Answer) ? 1 : 0),
        Kept = _totals.Kept + (outcome.Model == workload.Setup.Cheap.Name ? 1 : 0),
        AllStrongNanos = _totals.AllStrongNanos + (question.Known?.StrongNanos ?? StrongEstimate(outcome)),
    };

    /// <summary>Without a recording, the strong model is taken to use as many tokens as the calls that were made did on average.</summary>
    private long StrongEstimate(ChatOutcome outcome)
    {
        var calls = Math.Max(1, outcome.Attempts);
        return workload.Setup.Strong.Config.ToPriceList()!.CostNanos(outcome.InputTokens / calls, outcome.OutputTokens / calls);
    }
}

/// <summary>A tenant's counts at one moment.</summary>
internal sealed record TallyTotals
{
    public int Requests { get; init; }

    public int Answered { get; init; }

    public int Right { get; init; }

    /// <summary>Answers of the cheap model.</summary>
    public int Kept { get; init; }

    /// <summary>Typed refusals because the account cannot pay.</summary>
    public int Refused { get; init; }

    /// <summary>Everything else that is no answer.</summary>
    public int Failed { get; init; }

    /// <summary>What the responses said they cost.</summary>
    public long CostNanos { get; init; }

    /// <summary>What the strong model alone would have cost for the questions that were answered.</summary>
    public long AllStrongNanos { get; init; }

    public double HighestShadowPrice { get; init; }

    public IReadOnlyDictionary<string, int> Failures { get; init; } = new Dictionary<string, int>();
}
