using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Identity;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Cascade.Storage;
using Cascade.Storage.Journal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cascade.Grains.Budgets;

/// <summary>
/// One account's ledger. Every command is loaded, decided by the pure ledger, stored, and only then answered. A lease is stored before its
/// holder sees it, by a write that fails when somebody else wrote first: so not even a second activation can give the same money twice.
/// </summary>
[GrainType("cascade.budget")]
internal sealed partial class TenantBudgetGrain(
    [PersistentState("ledger", CascadeStorage.State)] IPersistentState<LedgerRecord> storage,
    IUsageJournal journal,
    ISiloAgents agents,
    IHolderLiveness liveness,
    ClusterModel model,
    IIdSource ids,
    TimeProvider time,
    IOptions<CascadeOptions> options,
    ILogger<TenantBudgetGrain> logger) : Grain, ITenantBudgetGrain
{
    private readonly CascadeOptions _options = options.Value;
    private CommittedState<LedgerRecord> _committed = null!;
    private AccountModel? _account;
    private LedgerState _state = LedgerState.Empty;

    private AccountId Id => new(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _committed = new CommittedState<LedgerRecord>(storage, DeactivateOnIdle);
        _account = model.Accounts.GetValueOrDefault(Id);
        _state = storage.State.ToState();
        CheckInvariants(_state);
        if (_account is not null && !_state.Windows.Select(w => w.Cap).SequenceEqual(_account.Caps))
        {
            _state = Apply(new SetCaps { OperationId = ids.Next(), Caps = _account.Caps }).Next;
        }

        return Task.CompletedTask;
    }

    public async Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken = default)
    {
        if (_account is null)
        {
            return new LeaseReply { Status = BudgetStatus.UnknownAccount };
        }

        if (!HolderId.TryParse(request.Holder, out _))
        {
            LogInvalidCommand(Id, nameof(GrantLease), $"Holder is '{request.Holder}'; give a silo address and a slot");
            return new LeaseReply { Status = BudgetStatus.InvalidCommand };
        }

        await ReclaimGoneAsync(cancellationToken);
        await ReclaimForgottenAsync(request, cancellationToken);
        var outcome = Grant(request);
        if (outcome.Result.Status == LedgerStatus.HeldByOthers && await GatherAsync(request.Holder, release: true, cancellationToken))
        {
            outcome = Grant(request);
        }

        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            if (outcome.Result.Lease is { } lease && !_state.Leases.ContainsKey(lease.LeaseId))
            {
                await OpenJournalAsync(lease.LeaseId, cancellationToken);
            }

            await CommitAsync(outcome.Next, cancellationToken);
        }

        return LeaseMapping.Reply(Id, outcome.Result, _options.LeaseLifetime, _committed.Current.Pacer.Price);
    }

    public async Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken = default)
    {
        if (_account is null)
        {
            return new UsageReply { Status = BudgetStatus.UnknownAccount };
        }

        var outcome = Report(report.Usage, report.Operation.Value);
        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            await CommitAsync(FoldOld(outcome.Next), cancellationToken);
            if (report.Close)
            {
                await ReclaimAsync(_state.Leases[report.Usage.LeaseId], cancellationToken);
            }
        }

        return new UsageReply
        {
            Status = (BudgetStatus)outcome.Result.Status,
            ShadowPrice = _committed.Current.Pacer.Price,
            Lifetime = _options.LeaseLifetime,
        };
    }

    public async Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken = default)
    {
        if (_account is null)
        {
            return BudgetStatus.UnknownAccount;
        }

        var outcome = Apply(new Reconcile
        {
            OperationId = reconciliation.Operation.Value,
            AttemptId = reconciliation.AttemptId,
            Cost = new Money(reconciliation.CostNanos),
        });
        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            await CommitAsync(outcome.Next, cancellationToken);
        }

        return (BudgetStatus)outcome.Result.Status;
    }

    public async Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken = default)
    {
        if (_account is null)
        {
            return new AccountSnapshot { Account = Id, Status = BudgetStatus.UnknownAccount };
        }

        if (collect)
        {
            await ReclaimGoneAsync(cancellationToken);
            await GatherAsync(except: "", release: false, cancellationToken);
        }

        return LeaseMapping.Snapshot(Id, _state.Snapshot(time.GetUtcNow()), _committed.Current.Pacer.Price);
    }

    /// <summary>A repeated call must name the same lease, so the id follows from the operation.</summary>
    private static string LeaseIdOf(OperationId operation) => $"lease-{operation.Value}";

    /// <summary>Books what the request reports, then grants; both take effect together or not at all.</summary>
    private LedgerOutcome Grant(LeaseRequest request) => Apply(
        new GrantLease
        {
            OperationId = request.Operation.Value,
            LeaseId = LeaseIdOf(request.Operation),
            Holder = request.Holder,
            Wanted = new Money(request.WantedNanos),
            Needed = new Money(request.NeededNanos),
            Lifetime = _options.LeaseLifetime,
        },
        request.Usage is { } usage ? Report(usage, ids.Next()).Next : _state);

    private LedgerOutcome Apply(LedgerCommand command) => Apply(command, _state);

    private LedgerOutcome Apply(LedgerCommand command, LedgerState state)
    {
        LedgerOutcome outcome;
        try
        {
            outcome = Ledger.Apply(state, command, time.GetUtcNow());
        }
        catch (LedgerInvariantException e)
        {
            throw Broken(e.Message);
        }

        if (outcome.Result.Status == LedgerStatus.InvalidCommand)
        {
            LogInvalidCommand(Id, command.GetType().Name, outcome.Result.Problem);
        }

        var remembered = command is GrantLease or Reconcile && outcome.Result.Status == LedgerStatus.Ok;
        return remembered ? outcome : outcome with { Next = outcome.Next with { Operations = state.Operations } };
    }

    /// <summary>Books calls of unknown cost as spent once they are so old that nobody will tell their real cost any more.</summary>
    private LedgerState FoldOld(LedgerState state)
    {
        var old = time.GetUtcNow() - _options.UnconfirmedHold;
        foreach (var (attemptId, entry) in state.Unconfirmed.Where(u => u.Value.At <= old))
        {
            LogUnconfirmedFolded(Id, attemptId, entry.Upper.Nanos);
            state = Apply(new Reconcile { OperationId = ids.Next(), AttemptId = attemptId, Cost = entry.Upper }, state).Next;
        }

        return state;
    }

    private LedgerOutcome Report(LeaseUsage usage, string operation) => Apply(new ReportUsage
    {
        OperationId = operation,
        Totals = LeaseMapping.Totals(usage),
        Lifetime = _options.LeaseLifetime,
    });

    private async Task CommitAsync(LedgerState next, CancellationToken cancellationToken)
    {
        var pacer = AccountPacer.Update(_committed.Current.Pacer, _account!, _state, next, time.GetUtcNow());
        var record = next.ToRecord(pacer);
        CheckInvariants(next);
        await _committed.CommitAsync(record, cancellationToken);
        _state = next;
    }

    private void CheckInvariants(LedgerState state)
    {
        var violations = LedgerInvariants.Check(state);
        if (!violations.IsEmpty)
        {
            throw Broken(string.Join("; ", violations));
        }
    }

    private CascadeException Broken(string violations)
    {
        LogInvariantBroken(Id, violations);
        DeactivateOnIdle();
        return new CascadeException($"the ledger of account '{Id}' contradicts itself ({violations}); nothing is granted until it is repaired");
    }
}
