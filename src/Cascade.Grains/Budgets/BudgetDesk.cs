using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Grains.State;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Cascade.Grains.Budgets;

/// <summary>
/// One budget's ledger. Every command is decided by the pure ledger, stored, and only then answered. A lease is stored before its
/// holder sees it, by a write that fails when somebody else wrote first: so not even a second desk can give the same money twice.
/// One command at a time.
/// </summary>
/// <param name="budget">Whose ledger.</param>
/// <param name="model">Its configuration; null when there is no such budget.</param>
/// <param name="committed">Its stored state.</param>
/// <param name="deactivate">Makes the desk go away, so that the next one reads what is stored.</param>
/// <param name="environment">What it works with.</param>
internal sealed partial class BudgetDesk(
    BudgetKey budget,
    BudgetModel? model,
    CommittedState<LedgerRecord> committed,
    Action deactivate,
    DeskEnvironment environment)
{
    private readonly ILogger _logger = environment.Logger;
    private readonly PriceHistory _history = new();
    private readonly LedgerOutbox _outbox = new(budget.ToString(), environment);
    private readonly AlertOutbox _alerts = new(budget, environment);
    private LedgerState _state = LedgerState.Empty;

    private double Price => AccountPacer.PriceOf(committed.Current.Pacer, model!);

    private TimeProvider Time => environment.Time;

    private CascadeOptions Options => environment.Options;

    /// <summary>Takes over what is stored. Called before anything else.</summary>
    public void Open()
    {
        _state = committed.Current.ToState();
        CheckInvariants(_state);
        _outbox.Load(committed.Current, _state, Time.GetUtcNow(), environment.Ids);
        _alerts.Load(committed.Current);
        if (model is not null && !_state.Windows.Select(w => w.Cap).SequenceEqual(model.Caps))
        {
            var outcome = Apply(new SetCaps { OperationId = environment.Ids.Next(), Caps = model.Caps });
            _state = outcome.Next;
            _outbox.Keep(outcome.Entries);
            _alerts.Keep(outcome.Entries);
        }
    }

    /// <summary>Sends what waits for the ledger log once more, and does nothing by itself after that. Called when the budget goes away from here.</summary>
    public Task CloseAsync()
    {
        _alerts.Close();
        return _outbox.CloseAsync();
    }

    public async Task<LeaseReply> AcquireAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        if (IsUnknown())
        {
            return new LeaseReply { Status = BudgetStatus.UnknownAccount };
        }

        if (!HolderId.TryParse(request.Holder, out _))
        {
            LogInvalidCommand(budget, nameof(GrantLease), $"Holder is '{request.Holder}'; give a silo address and a slot");
            return new LeaseReply { Status = BudgetStatus.InvalidCommand };
        }

        await ReclaimGoneAsync(cancellationToken);
        await ReclaimForgottenAsync(request, cancellationToken);
        var outcome = Grant(request);
        if (outcome.Result.Status == LedgerStatus.HeldByOthers && await GatherAsync(request.Usage?.LeaseId ?? "", release: true, cancellationToken))
        {
            outcome = Grant(request);
        }

        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            if (outcome.Result.Lease is { } lease && !_state.Leases.ContainsKey(lease.LeaseId))
            {
                // A stream of a lease that could not be stored would be nobody's.
                await CheckLogTakesAsync(outcome, cancellationToken);
                await OpenJournalAsync(lease.LeaseId, cancellationToken);
            }

            await CommitAsync(outcome, cancellationToken);
        }

        return LeaseMapping.Reply(budget, outcome.Result, Options.LeaseLifetime, Price);
    }

    public async Task<UsageReply> ReportAsync(UsageReport report, CancellationToken cancellationToken)
    {
        if (IsUnknown())
        {
            return new UsageReply { Status = BudgetStatus.UnknownAccount };
        }

        var outcome = Report(report.Usage, report.Operation.Value);
        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            await CommitAsync(FoldOld(outcome)!, cancellationToken);
            if (report.Close)
            {
                await ReclaimAsync(_state.Leases[report.Usage.LeaseId], report.Clean, cancellationToken);
            }
        }

        return new UsageReply
        {
            Status = (BudgetStatus)outcome.Result.Status,
            ShadowPrice = Price,
            Lifetime = Options.LeaseLifetime,
            GrantedNanos = outcome.Result.Lease?.Granted.Nanos ?? 0,
        };
    }

    public async Task<BudgetStatus> ReconcileAsync(Reconciliation reconciliation, CancellationToken cancellationToken)
    {
        if (IsUnknown())
        {
            return BudgetStatus.UnknownAccount;
        }

        var command = new Reconcile
        {
            OperationId = reconciliation.Operation.Value,
            AttemptId = reconciliation.AttemptId,
            Cost = new Money(reconciliation.CostNanos),
        };
        var outcome = Apply(command);
        if (outcome.Result.Status != LedgerStatus.Ok && await committed.RefreshAsync(cancellationToken))
        {
            // A second desk may have written what this one does not know of. Who is told "no such attempt" keeps the truth to itself for ever.
            Open();
            outcome = Apply(command);
        }

        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            await CommitAsync(outcome, cancellationToken);
        }

        return (BudgetStatus)outcome.Result.Status;
    }

    public async Task<AccountSnapshot> GetSnapshotAsync(bool collect, CancellationToken cancellationToken)
    {
        if (IsUnknown())
        {
            return new AccountSnapshot { Account = budget.Account, Endpoint = budget.Endpoint, Status = BudgetStatus.UnknownAccount };
        }

        if (collect)
        {
            await ReclaimGoneAsync(cancellationToken);
            await GatherAsync(except: "", release: false, cancellationToken);
            if (FoldOld(before: null) is { } folded)
            {
                await CommitAsync(folded, cancellationToken);
            }
        }

        return LeaseMapping.Snapshot(budget, _state.Snapshot(Time.GetUtcNow()), Price) with { PriceHistory = _history.Points };
    }

    /// <summary>Whether this silo's configuration has no such budget. Another silo's may have while a cluster changes it, so the next desk may be there.</summary>
    private bool IsUnknown()
    {
        if (model is null)
        {
            deactivate();
        }

        return model is null;
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
            Lifetime = Options.LeaseLifetime,
            Beneficiary = request.Beneficiary,
            Exposure = new Money(request.ExposureNanos),
        },
        request.Usage is { } usage ? Report(usage, environment.Ids.Next()) : null);

    /// <summary>Carries out a command on the state, or on what another led to: both are then stored by one write.</summary>
    private LedgerOutcome Apply(LedgerCommand command, LedgerOutcome? before = null)
    {
        var state = before?.Next ?? _state;
        LedgerOutcome outcome;
        try
        {
            outcome = Ledger.Apply(state, command, Time.GetUtcNow());
        }
        catch (LedgerInvariantException e)
        {
            throw Broken(e.Message);
        }

        if (outcome.Result.Status == LedgerStatus.InvalidCommand)
        {
            LogInvalidCommand(budget, command.GetType().Name, outcome.Result.Problem);
        }

        var remembered = command is GrantLease or Reconcile or SetOverride or EndOverride && outcome.Result.Status == LedgerStatus.Ok;
        return outcome with
        {
            Next = remembered ? outcome.Next : outcome.Next with { Operations = state.Operations },
            Entries = before is null ? outcome.Entries : before.Entries.AddRange(outcome.Entries),
        };
    }

    /// <summary>Books calls of unknown cost as spent once they are so old that nobody will tell their real cost any more.</summary>
    /// <returns>What that leads to; what was before when there are none.</returns>
    private LedgerOutcome? FoldOld(LedgerOutcome? before)
    {
        var old = Time.GetUtcNow() - Options.UnconfirmedHold;
        var outcome = before;
        foreach (var (attemptId, entry) in (before?.Next ?? _state).Unconfirmed.Where(u => u.Value.At <= old))
        {
            LogUnconfirmedFolded(budget, attemptId, entry.Upper.Nanos);
            outcome = Apply(new Reconcile { OperationId = environment.Ids.Next(), AttemptId = attemptId, Cost = entry.Upper, Folded = true }, outcome);
        }

        return outcome;
    }

    private LedgerOutcome Report(LeaseUsage usage, string operation) => Apply(new ReportUsage
    {
        OperationId = operation,
        Totals = LeaseMapping.Totals(usage),
        Lifetime = Options.LeaseLifetime,
    });

    private async Task CommitAsync(LedgerOutcome outcome, CancellationToken cancellationToken)
    {
        var next = outcome.Next;
        await CheckLogTakesAsync(outcome, cancellationToken);
        var pacer = AccountPacer.Update(committed.Current.Pacer, model!, _state, next, Time.GetUtcNow());
        var record = _alerts.Put(_outbox.Put(next.ToRecord(pacer), outcome.Entries), outcome.Entries);
        CheckInvariants(next);
        var moved = pacer != committed.Current.Pacer;
        await committed.CommitAsync(record, cancellationToken);
        _state = next;
        _outbox.Stored(record);
        _alerts.Stored(record);
        if (moved)
        {
            var now = Time.GetUtcNow();
            _history.Add(Price, AccountPacer.Tightest(next, now), now);
        }
    }

    private async Task CheckLogTakesAsync(LedgerOutcome outcome, CancellationToken cancellationToken)
    {
        if (await _outbox.IsLogAheadAsync())
        {
            throw await FindWhyLogIsAheadAsync(cancellationToken);
        }

        await _outbox.MakeRoomAsync(outcome.Entries.Length);
    }

    /// <summary>Entries are sent when their state is stored, so either another desk has stored one, or the storage is older than it was.</summary>
    private async Task<Exception> FindWhyLogIsAheadAsync(CancellationToken cancellationToken)
    {
        var isOld = !await committed.RefreshAsync(cancellationToken);
        deactivate();
        if (!isOld)
        {
            return new InconsistentStateException($"budget '{budget}' was changed by another activation; it is read again");
        }

        LogStateIsOld(budget);
        return new CascadeException(
            $"the stored state of budget '{budget}' is older than its ledger log, as after a restored backup; nothing is granted until it is repaired");
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
        LogInvariantBroken(budget, violations);
        deactivate();
        return new CascadeException($"the ledger of account '{budget}' contradicts itself ({violations}); nothing is granted until it is repaired");
    }
}
