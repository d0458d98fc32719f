using System.Collections.Immutable;

namespace Cascade.Budgets;

/// <summary>A command being carried out: its two clocks, and the entries of what it changes.</summary>
internal sealed class LedgerStep(string operationId, DateTimeOffset now, DateTimeOffset clock)
{
    private ImmutableArray<LedgerEntry>.Builder? _entries;

    /// <summary>The owner's clock, by which leases live.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The ledger's own clock, by which money is booked.</summary>
    public DateTimeOffset Clock => clock;

    public ImmutableArray<LedgerEntry> Entries => _entries?.ToImmutable() ?? [];

    /// <summary>Starts an entry that belongs to this instant.</summary>
    public LedgerEntry Entry(LedgerEntryKind kind) => new()
    {
        Kind = kind,
        OperationId = operationId,
        RecordedAt = clock,
        At = clock,
    };

    public LedgerEntry Entry(LedgerEntryKind kind, Lease lease) => Entry(kind) with
    {
        LeaseId = lease.Id,
        Epoch = lease.Epoch,
        Holder = lease.Holder,
        Beneficiary = lease.Beneficiary,
    };

    public LedgerEntry Entry(LedgerEntryKind kind, string attemptId, UnconfirmedEntry held) => Entry(kind) with
    {
        AttemptId = attemptId,
        At = held.At,
        LeaseId = held.LeaseId,
        Epoch = held.Epoch,
        Beneficiary = held.Beneficiary,
        Endpoint = held.Endpoint,
        Lower = held.Lower,
        Upper = held.Upper,
    };

    public void Write(LedgerEntry entry) => (_entries ??= ImmutableArray.CreateBuilder<LedgerEntry>()).Add(entry);
}
