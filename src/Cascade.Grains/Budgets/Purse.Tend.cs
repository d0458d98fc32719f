using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>Tells the grain what was spent and gives leases back that are no longer used.</summary>
internal sealed partial class Purse
{
    private Task _tended = Task.CompletedTask;

    /// <summary>Whether the purse is out of use and another one must take its place.</summary>
    public bool IsRetired { get; private set; }

    /// <summary>Whether there is no lease to look after.</summary>
    public bool IsAtRest
    {
        get
        {
            lock (_lock)
            {
                return _current is null && _draining.Count == 0;
            }
        }
    }

    /// <summary>
    /// Takes a purse out of use that has had no money and no asker for long, so that accounts that come and go leave nothing behind.
    /// Requests that it counted without ever having a lease to count them under are forgotten: nothing was spent on them.
    /// </summary>
    /// <returns>Whether it is out of use.</returns>
    public bool TryRetire()
    {
        lock (_lock)
        {
            return IsRetired = IsRetired
                || (_current is null && _draining.Count == 0 && _waiters.Count == 0 && !_pumping
                    && Time.GetElapsedTime(_demandAt) >= Options.PurseIdle);
        }
    }

    /// <summary>
    /// Reports what changed, renews what is in use, gives back what is idle. While an earlier call is still at it, a regular one does
    /// nothing and one that gives all back waits.
    /// </summary>
    /// <param name="giveAllBack">Whether to give back every lease that has nothing in flight, idle or not.</param>
    public async Task TendAsync(bool giveAllBack)
    {
        var done = NewSignal();
        Task earlier;
        lock (_lock)
        {
            earlier = _tended;
            if (!earlier.IsCompleted && !giveAllBack)
            {
                return;
            }

            _tended = done.Task;
        }

        await earlier;
        try
        {
            if (giveAllBack && exposure > 0)
            {
                await LandAsync();
            }

            foreach (var (session, report) in DueReports(giveAllBack))
            {
                await SendAsync(session, report);
            }
        }
        finally
        {
            done.SetResult();
        }
    }

    /// <summary>
    /// A silo that is not configured for the budget, while a cluster changes that, has booked nothing and says nothing of what is held: it is told again, and
    /// to another one in the end.
    /// </summary>
    /// <exception cref="CascadeException">It is one.</exception>
    public void CheckIsKnown(BudgetStatus status)
    {
        if (status == BudgetStatus.UnknownAccount)
        {
            throw new CascadeException($"the silo that keeps budget '{budget}' now is not configured for it, so nothing was booked; it is told again");
        }
    }

    /// <summary>The lease in use comes first, so that a lease that cannot be closed does not keep it from being renewed.</summary>
    private List<(LeaseSession Session, UsageReport Report)> DueReports(bool giveAllBack)
    {
        lock (_lock)
        {
            var reports = new List<(LeaseSession, UsageReport)>();
            if (_current is { } current && _waiters.Count == 0 && !_asking && current.IsQuiet && (giveAllBack || IsIdle(current)))
            {
                current.Book.ReleaseIdle(Money.Zero);
                _draining.Add(current);
                _current = null;
            }

            if (_current is { } used && (used.Dirty || RenewalIsDue(used)))
            {
                reports.Add((used, ReportOf(used, close: false)));
            }

            foreach (var session in _draining.Where(s => s.IsQuiet || !s.Fenced))
            {
                session.Closing = session.IsQuiet;
                reports.Add((session, ReportOf(session, close: session.Closing)));
            }

            return reports;
        }
    }

    private bool IsIdle(LeaseSession session) => Time.GetElapsedTime(session.LastUsed) >= Options.LeaseIdle;

    private bool RenewalIsDue(LeaseSession session) =>
        Time.GetElapsedTime(Time.GetTimestamp(), session.UsableUntil) < Options.LeaseLifetime / 2;

    private UsageReport ReportOf(LeaseSession session, bool close) => new()
    {
        Operation = new OperationId(environment.Ids.Next()),
        Usage = session.Usage(),
        Close = close,
        Clean = close && !session.HasLost,
    };

    /// <returns>Whether the grain took the report.</returns>
    private async Task<bool> SendAsync(LeaseSession session, UsageReport report)
    {
        var sent = Time.GetTimestamp();
        UsageReply reply;
        try
        {
            reply = await CallAsync(grain => grain.ReportAsync(report));
            CheckIsKnown(reply.Status);
            if (report.Close && !(report.Clean && reply.Status == BudgetStatus.Ok))
            {
                await TellLostAsync(session);
            }
        }
        catch (Exception e)
        {
            // Whatever it was, the totals are cumulative: the next report says it all again.
            PurseLog.ReportFailed(environment.Logger, budget, report.Usage.LeaseId, e);
            return false;
        }

        environment.Instruments.LeaseCalled(report.Close ? "close" : "report", reply.Status);
        lock (_lock)
        {
            ShadowPrice = reply.ShadowPrice;
            session.Book.SetGranted(new Money(reply.GrantedNanos));
            Acknowledge(session, report.Usage);
            if (report.Close)
            {
                _draining.Remove(session);
            }
            else if (reply.Status == BudgetStatus.Ok)
            {
                Renew(session, reply.Lifetime, sent);
            }
            else
            {
                PurseLog.LeaseLost(environment.Logger, budget, report.Usage.LeaseId);
                FenceCore(session);
            }

            Signal();
            return reply.Status == BudgetStatus.Ok;
        }
    }
}
