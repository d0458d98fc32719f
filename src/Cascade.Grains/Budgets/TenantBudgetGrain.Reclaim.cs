using Cascade.Budgets;
using Cascade.Contracts;
using Cascade.Grains.State;
using Cascade.Storage.Journal;

namespace Cascade.Grains.Budgets;

/// <summary>Gets money back: from holders that are gone by sealing their journal, from the others by asking.</summary>
internal sealed partial class TenantBudgetGrain
{
    private static readonly TimeSpan CollectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Reclaims the leases of holders that are gone and asks the others for news, and for what lies idle.</summary>
    /// <returns>Whether anything came back.</returns>
    private async Task<bool> GatherAsync(string except, bool release, CancellationToken cancellationToken)
    {
        var availableBefore = _state.Available(time.GetUtcNow());
        foreach (var lease in _state.Leases.Values.Where(l => l.Holder != except).OrderBy(l => l.Epoch).ToList())
        {
            try
            {
                if (IsGone(lease))
                {
                    await ReclaimAsync(lease, cancellationToken);
                }
                else
                {
                    await CollectAsync(lease, release, cancellationToken);
                }
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or JournalUnavailableException or JournalDamagedException)
            {
                LogGatherFailed(Id, lease.Id, lease.Holder, e);
            }
        }

        return _state.Available(time.GetUtcNow()) != availableBefore;
    }

    private bool IsGone(Lease lease) =>
        lease.ExpiresAt + _options.LeaseMargin <= time.GetUtcNow() || liveness.IsDead(HolderId.Parse(lease.Holder));

    private async Task CollectAsync(Lease lease, bool release, CancellationToken cancellationToken)
    {
        var holder = HolderId.Parse(lease.Holder);
        var usage = await agents.Of(holder.Silo).CollectAsync(Id, lease.Id, release).WaitAsync(CollectTimeout, time, cancellationToken);
        if (usage is null)
        {
            return;
        }

        var outcome = Report(usage, ids.Next());
        if (outcome.Result.Status == LedgerStatus.Ok)
        {
            await CommitAsync(outcome.Next, cancellationToken);
        }
    }

    /// <summary>
    /// Closes a lease by its journal. Sealing comes first: from then on no call can start under the lease, so what the journal says is
    /// all that was or will be spent, whatever the holder's clock or network does.
    /// </summary>
    private async Task ReclaimAsync(Lease lease, CancellationToken cancellationToken)
    {
        var stream = new JournalKey(Id.Value, lease.Id);
        var totals = JournalTotals.Of(await journal.SealAsync(stream, cancellationToken));
        if (totals.Settled < lease.Settled)
        {
            LogJournalShort(Id, lease.Id, totals.Settled.Nanos, lease.Settled.Nanos);
        }

        var outcome = Apply(new CloseLease
        {
            OperationId = ids.Next(),
            Totals = new LeaseTotals
            {
                LeaseId = lease.Id,
                Epoch = lease.Epoch,
                Settled = totals.Settled,
                Released = lease.Released,
                Requests = lease.Requests,
                Unconfirmed = totals.Unconfirmed,
            },
        });
        if (outcome.Result.Status != LedgerStatus.Ok)
        {
            throw new CascadeException($"lease '{lease.Id}' of account '{Id}' could not be closed: {outcome.Result.Status} {outcome.Result.Problem}");
        }

        await CommitAsync(outcome.Next, cancellationToken);
        LogLeaseClosed(Id, lease.Id, lease.Holder, totals.Settled.Nanos, totals.Unconfirmed.Length);
        await ArchiveAsync(stream, cancellationToken);
    }

    private async Task ArchiveAsync(JournalKey stream, CancellationToken cancellationToken)
    {
        try
        {
            await journal.ArchiveAsync(stream, cancellationToken);
        }
        catch (JournalUnavailableException e)
        {
            // Only the clean-up of a booked stream is late; the money is right.
            LogArchiveFailed(Id, stream.LeaseId, e);
        }
    }
}
