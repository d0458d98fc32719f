using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.State;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>Gets money back: from holders that are gone by sealing their journal, from the others by asking.</summary>
internal sealed partial class BudgetDesk
{
    private static readonly TimeSpan CollectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Takes back the leases of holders that are gone. One that cannot be taken back now is tried again with the next command.</summary>
    private async Task ReclaimGoneAsync(CancellationToken cancellationToken)
    {
        foreach (var lease in _state.Leases.Values.Where(IsGone).OrderBy(l => l.Epoch).ToList())
        {
            if (await TrySealAsync(lease, cancellationToken) is { } contents)
            {
                await CloseAsync(lease, contents, clean: false, cancellationToken);
            }
        }
    }

    /// <summary>
    /// A holder that has a lease it does not speak of lost the reply that told it. It must not be added to: the holder could end up with two
    /// books of the same money. The retry of the very command that opened it is no such case.
    /// </summary>
    private async Task ReclaimForgottenAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        var lease = _state.LeaseOf(request.Holder, request.Beneficiary);
        if (lease is not null && lease.Id != request.Usage?.LeaseId && lease.Id != LeaseIdOf(request.Operation))
        {
            await ReclaimAsync(lease, clean: false, cancellationToken);
        }
    }

    /// <summary>Asks the holders for news, and for what lies idle when money is short.</summary>
    /// <param name="except">The lease that the asker has just spoken of; it may have others, on behalf of others.</param>
    /// <param name="release">Whether to give back what lies idle.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether anything changed.</returns>
    private async Task<bool> GatherAsync(string except, bool release, CancellationToken cancellationToken)
    {
        var availableBefore = _state.Available(Time.GetUtcNow());
        var leases = _state.Leases.Values.Where(l => l.Id != except).OrderBy(l => l.Epoch).ToList();
        foreach (var usage in await Task.WhenAll(leases.Select(l => CollectAsync(l, release, cancellationToken))))
        {
            if (usage is not null && Report(usage, environment.Ids.Next()) is { Result.Status: LedgerStatus.Ok } outcome)
            {
                await CommitAsync(outcome, cancellationToken);
            }
        }

        return _state.Available(Time.GetUtcNow()) != availableBefore;
    }

    private bool IsGone(Lease lease) =>
        lease.ExpiresAt + Options.LeaseMargin <= Time.GetUtcNow() || environment.Liveness.IsDead(HolderId.Parse(lease.Holder));

    /// <returns>The holder's totals; null when it does not answer or does not hold the lease.</returns>
    private async Task<LeaseUsage?> CollectAsync(Lease lease, bool release, CancellationToken cancellationToken)
    {
        try
        {
            return await environment.Holders.CollectAsync(HolderId.Parse(lease.Holder).Silo, budget, lease.Id, release)
                .WaitAsync(CollectTimeout, Time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            LogGatherFailed(budget, lease.Id, lease.Holder, e);
            return null;
        }
    }

    private async Task<JournalContents?> TrySealAsync(Lease lease, CancellationToken cancellationToken)
    {
        try
        {
            return await environment.Journal.SealAsync(new JournalKey(budget.ToString(), lease.Id), cancellationToken);
        }
        catch (Exception e) when (e is JournalUnavailableException or JournalDamagedException)
        {
            LogGatherFailed(budget, lease.Id, lease.Holder, e);
            return null;
        }
    }

    /// <summary>A lease without a stream could not be spent from, so the stream comes first.</summary>
    private async Task OpenJournalAsync(string leaseId, CancellationToken cancellationToken)
    {
        try
        {
            await environment.Journal.OpenAsync(new JournalKey(budget.ToString(), leaseId), cancellationToken);
        }
        catch (JournalUnavailableException e)
        {
            // The journal's own fault type does not cross a grain boundary.
            LogGatherFailed(budget, leaseId, "", e);
            throw new CascadeException($"the journal of account '{budget}' is away, so no lease could be opened");
        }
    }

    private async Task ReclaimAsync(Lease lease, bool clean, CancellationToken cancellationToken)
    {
        var contents = await TrySealAsync(lease, cancellationToken)
            ?? throw new CascadeException($"the journal of lease '{lease.Id}' of account '{budget}' could not be read; the lease stays open");
        await CloseAsync(lease, contents, clean, cancellationToken);
    }

    /// <summary>
    /// Closes a lease by its sealed journal: since the seal no call can start under the lease, so what the journal says is
    /// all that was or will be spent, whatever the holder's clock or network does.
    /// </summary>
    private async Task CloseAsync(Lease lease, JournalContents contents, bool clean, CancellationToken cancellationToken)
    {
        var stream = new JournalKey(budget.ToString(), lease.Id);
        var totals = JournalTotals.Of(contents);
        if (totals.Settled < lease.Settled)
        {
            LogJournalShort(budget, lease.Id, totals.Settled.Nanos, lease.Settled.Nanos);
        }

        var outcome = Apply(new CloseLease
        {
            OperationId = environment.Ids.Next(),
            Totals = new LeaseTotals
            {
                LeaseId = lease.Id,
                Epoch = lease.Epoch,
                Settled = totals.Settled,
                Released = lease.Released,
                Requests = lease.Requests,
                Unconfirmed = totals.Unconfirmed,
                ByModel = totals.ByModel,
            },
            Clean = clean,
            Overrun = totals.Overrun,
        });
        if (outcome.Result.Status != LedgerStatus.Ok)
        {
            throw new CascadeException($"lease '{lease.Id}' of account '{budget}' could not be closed: {outcome.Result.Status} {outcome.Result.Problem}");
        }

        await CommitAsync(outcome, cancellationToken);
        LogLeaseClosed(budget, lease.Id, lease.Holder, totals.Settled.Nanos, totals.Unconfirmed.Length);
        await ArchiveAsync(stream);
    }

    private async Task ArchiveAsync(JournalKey stream)
    {
        try
        {
            // Whoever asked may have given up by now, and nobody else will think of it.
            await environment.Journal.ArchiveAsync(stream, CancellationToken.None);
        }
        catch (JournalUnavailableException e)
        {
            // Only the clean-up of a booked stream is late; the money is right.
            LogArchiveFailed(budget, stream.LeaseId, e);
        }
    }
}
