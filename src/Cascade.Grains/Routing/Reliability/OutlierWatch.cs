namespace Cascade.Grains.Routing;

/// <summary>
/// Finds the deployment of a group that fares worse than its equals on this silo, long before it fails so often that the circuit takes it from
/// everybody. At most half of a group is ejected at once, each for a while that doubles when it goes on. Slow deployments need no watch: calls in
/// flight pile up there, and the choice goes by load. Thread-safe.
/// </summary>
internal sealed class OutlierWatch(int deployments, TimeProvider time)
{
    private const int MinFailures = 3;
    private const double Worse = 0.3;
    private const double MostEjected = 0.5;
    private const int DoublingsAtMost = 5;
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Member[] _members = [.. Enumerable.Range(0, deployments).Select(static _ => new Member())];

    /// <summary>Learns how a call fared.</summary>
    /// <param name="deployment">Where it was made.</param>
    /// <param name="failed">Whether it failed by the provider's fault, or on the way to it.</param>
    /// <returns>How long to eject the deployment; null to keep it.</returns>
    public TimeSpan? Learn(int deployment, bool failed)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Array.ForEach(_members, m => m.Forget(now, time, Window));
            var member = _members[deployment];
            member.Calls.Enqueue((now, failed));
            member.Failures += failed ? 1 : 0;
            if (!failed || member.EjectedUntil > now || member.Failures < MinFailures || !IsWorse(member) || !IsRoom(now))
            {
                return null;
            }

            return Eject(member, now);
        }
    }

    /// <summary>Learns that a deployment is in use again, perhaps before its time.</summary>
    public void Readmit(int deployment)
    {
        lock (_lock)
        {
            var (member, now) = (_members[deployment], time.GetTimestamp());
            member.EjectedUntil = Math.Min(member.EjectedUntil, now);
        }
    }

    private bool IsWorse(Member member)
    {
        var others = _members.Where(m => m != member).ToList();
        var calls = others.Sum(static m => m.Calls.Count);
        var usual = calls == 0 ? 0 : others.Sum(static m => m.Failures) / (double)calls;
        return (member.Failures / (double)member.Calls.Count) - usual >= Worse;
    }

    private bool IsRoom(long now) => _members.Count(m => m.EjectedUntil > now) + 1 <= deployments * MostEjected;

    private TimeSpan Eject(Member member, long now)
    {
        // Whoever was well for as long as it was ejected begins anew.
        var well = member.EjectedUntil == 0 ? TimeSpan.MaxValue : time.GetElapsedTime(member.EjectedUntil, now);
        member.InRow = well > member.Last ? 0 : Math.Min(DoublingsAtMost, member.InRow + 1);
        member.Last = Shortest * Math.ScaleB(1, member.InRow);
        member.EjectedUntil = now + (long)(member.Last.TotalSeconds * time.TimestampFrequency);
        member.Calls.Clear();
        member.Failures = 0;
        return member.Last;
    }

    private sealed class Member
    {
        public Queue<(long At, bool Failed)> Calls { get; } = new();

        public int Failures { get; set; }

        public long EjectedUntil { get; set; }

        public int InRow { get; set; }

        public TimeSpan Last { get; set; } = TimeSpan.Zero;

        public void Forget(long now, TimeProvider time, TimeSpan window)
        {
            while (Calls.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At, now) > window)
            {
                Failures -= Calls.Dequeue().Failed ? 1 : 0;
            }
        }
    }
}
