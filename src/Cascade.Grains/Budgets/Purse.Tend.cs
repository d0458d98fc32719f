using Cascade.Budgets;
using Cascade.Contracts;

namespace Cascade.Grains.Budgets;

/// <summary>Tells the grain what was spent and gives leases back that are no longer used.</summary>
internal sealed partial class Purse
{
    /// <summary>Reports what changed, renews what is in use, gives back what is idle.</summary>
    /// <param name="giveAllBack">Whether to give back every lease that has nothing in flight, idle or not.</param>
    public async Task TendAsync(bool giveAllBack)
    {
        var reports = new List<(LeaseSession Session, UsageReport Report)>();
        lock (_lock)
        {
            if (_current is { } current && _waiters.Count == 0 && current.IsQuiet && (giveAllBack || IsIdle(current)))
            {
                current.Book.ReleaseIdle(Money.Zero);
                _draining.Add(current);
                _current = null;
            }

            foreach (var session in _draining.Where(s => s.IsQuiet || !s.Fenced))
            {
                session.Closing = session.IsQuiet;
                reports.Add((session, ReportOf(session, close: session.Closing)));
            }

            if (_current is { } used && (used.Dirty || RenewalIsDue(used)))
            {
                reports.Add((used, ReportOf(used, close: false)));
            }
        }

        foreach (var (session, report) in reports)
        {
            await SendAsync(session, report);
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
    };

    private async Task SendAsync(LeaseSession session, UsageReport report)
    {
        var sent = Time.GetTimestamp();
        UsageReply reply;
        try
        {
            reply = await CallAsync(grain => grain.ReportAsync(report));
        }
        catch (Exception e) when (e is TimeoutException or OrleansException or CascadeException)
        {
            PurseLog.ReportFailed(environment.Logger, account, report.Usage.LeaseId, e);
            return;
        }

        environment.Instruments.LeaseCalled(report.Close ? "close" : "report", reply.Status);
        lock (_lock)
        {
            ShadowPrice = reply.ShadowPrice;
            Acknowledge(session, report.Usage);
            if (reply.Status == BudgetStatus.Ok && !report.Close)
            {
                Renew(session, reply.Lifetime, sent);
                return;
            }

            if (report.Close)
            {
                _draining.Remove(session);
            }
            else
            {
                PurseLog.LeaseLost(environment.Logger, account, report.Usage.LeaseId);
                FenceCore(session);
            }

            Signal();
        }
    }
}
