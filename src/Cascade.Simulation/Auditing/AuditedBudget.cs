using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Budgets;

namespace Cascade.Simulation.Auditing;

/// <summary>What the auditor wrote down about one budget.</summary>
internal sealed class AuditedBudget(BudgetKey key, IReadOnlyList<WindowCap> caps)
{
    private readonly Dictionary<string, AuditedAttempt> _attempts = new(StringComparer.Ordinal);

    public BudgetKey Key => key;

    public string Id { get; } = key.ToString();

    public IReadOnlyList<WindowCap> Caps => caps;

    /// <summary>Every attempt of which an intent was stored, in order.</summary>
    public List<AuditedAttempt> Attempts { get; } = [];

    /// <summary>The last durable state of the ledger.</summary>
    public LedgerRecord Record { get; set; } = new();

    /// <summary>Leases that were in a durable state and are no more.</summary>
    public HashSet<string> Closed { get; } = new(StringComparer.Ordinal);

    /// <summary>The durable exposures of all leases there ever were.</summary>
    public Dictionary<string, long> Exposures { get; } = new(StringComparer.Ordinal);

    /// <summary>The exposures that were ever held, by the ids of their attempts.</summary>
    public Dictionary<string, long> HeldExposures { get; } = new(StringComparer.Ordinal);

    public long Overrun => Attempts.Sum(a => a.Overrun);

    public AuditedAttempt? Find(string attemptId) => _attempts.GetValueOrDefault(attemptId);

    public AuditedAttempt FindOrAdd(string attemptId, string leaseId, long upper)
    {
        if (!_attempts.TryGetValue(attemptId, out var attempt))
        {
            _attempts[attemptId] = attempt = new AuditedAttempt(attemptId, leaseId, upper);
            Attempts.Add(attempt);
        }

        return attempt;
    }
}
