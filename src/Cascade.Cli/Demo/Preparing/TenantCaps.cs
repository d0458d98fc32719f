using Cascade.Budgets;

namespace Cascade.Cli.Demo.Preparing;

/// <summary>The caps of the three tenants, in nano-dollars.</summary>
internal sealed record TenantCaps(long Rich, long Tight, long RunsOut)
{
    /// <summary>What a live run may cost, over all tenants.</summary>
    public const long LiveLimitNanos = Money.NanosPerDollar / 10;

    private const int SignificantDigits = 3;

    public long Total => Rich + Tight + RunsOut;

    /// <summary>Caps at which each tenant shows what it is there for, whatever the workload costs.</summary>
    /// <remarks>
    /// Rich could ask both models three times over. Tight can pay for every draft and its second opinion, and for half of the answers that
    /// the strong model would be asked for. The third can pay for half of its drafts and their opinions, so no choice of models saves it.
    /// </remarks>
    public static TenantCaps For(Workload workload)
    {
        if (workload.Source == DemoSource.Live)
        {
            return ForLive(workload);
        }

        var known = workload.Questions.Select(question => question.Known!).ToArray();
        var drafts = known.Sum(question => question.CheapNanos + question.JudgeNanos);
        var strong = known.Sum(question => question.StrongNanos);
        var escalations = known.Where(question => !question.Agree).Sum(question => question.StrongNanos);
        return new TenantCaps(Round(3 * (drafts + strong)), Round(drafts + (drafts / 50) + (escalations / 2)), Round(drafts / 2));
    }

    /// <summary>
    /// Nobody knows how long a real model's answers will be. The expected tokens of the configuration are low on purpose: answers that turn out
    /// longer only make the third tenant run out sooner. What the two others leave of the limit is the rich tenant's.
    /// </summary>
    private static TenantCaps ForLive(Workload workload)
    {
        var count = workload.Questions.Count;
        var draft = workload.Setup.Cheap.Config.ToExpectedCostNanos() + workload.Setup.Judge.Config.ToExpectedCostNanos();
        var runsOut = Math.Min(Round(count * draft * 35 / 100), LiveLimitNanos / 10);
        var tight = Math.Min(Round((2 * count * draft) + (count * workload.Setup.Strong.Config.ToExpectedCostNanos() / 10)), LiveLimitNanos * 3 / 10);
        return new TenantCaps(LiveLimitNanos - tight - runsOut, tight, runsOut);
    }

    private static long Round(long nanos)
    {
        var unit = 1L;
        while (nanos / unit >= Math.Pow(10, SignificantDigits))
        {
            unit *= 10;
        }

        return Math.Max(unit, nanos / unit * unit);
    }
}
