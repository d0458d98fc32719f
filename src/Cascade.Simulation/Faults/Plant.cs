using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Simulation.World;
using Cascade.Storage.Journal;

namespace Cascade.Simulation.Faults;

/// <summary>A bug that is put between the real code and its world, to see that the auditor finds it. This one is none.</summary>
internal class Plant
{
    private static readonly Dictionary<string, Func<Plant>> Known = new(StringComparer.Ordinal)
    {
        ["skip-fence"] = () => new SkippedFence(),
        ["double-report"] = () => new DoubledReport(),
        ["drop-settle"] = () => new DroppedSettle(),
        ["forget-exposure"] = () => new ForgottenExposure(),
    };

    public static IEnumerable<string> Names => Known.Keys;

    /// <summary>A fresh plant for one run.</summary>
    public static Plant Of(string name) => name.Length == 0 ? new Plant()
        : Known.TryGetValue(name, out var make) ? make()
        : throw new ArgumentException($"no bug is called '{name}'; use one of {string.Join(", ", Names)}", nameof(name));

    public virtual IUsageJournal Journal(IUsageJournal journal, SimWorld world) => journal;

    public virtual Task<LeaseReply> AcquireAsync(BudgetDesk desk, LeaseRequest request) => desk.AcquireAsync(request, CancellationToken.None);

    public virtual Task<UsageReply> ReportAsync(BudgetDesk desk, UsageReport report) => desk.ReportAsync(report, CancellationToken.None);

    /// <summary>A journal that can be read to its end but not closed: what is appended afterwards is lost.</summary>
    private sealed class SkippedFence : Plant
    {
        public override IUsageJournal Journal(IUsageJournal journal, SimWorld world) => new Unfenced(journal, world);

        private sealed class Unfenced(IUsageJournal journal, SimWorld world) : PassingJournal(journal)
        {
            public override Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) =>
                Task.FromResult(world.Journal.Seal(key, fence: false));
        }
    }

    /// <summary>A desk that takes a report of totals for a report of what is new, and so books it twice.</summary>
    private sealed class DoubledReport : Plant
    {
        private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);

        public override async Task<UsageReply> ReportAsync(BudgetDesk desk, UsageReport report)
        {
            var usage = report.Usage;
            var known = _known.GetValueOrDefault(usage.LeaseId);
            _known[usage.LeaseId] = Math.Max(known, usage.SettledNanos);
            var more = Math.Max(0, usage.SettledNanos - known);
            return await desk.ReportAsync(report with { Usage = usage with { SettledNanos = usage.SettledNanos + more } }, CancellationToken.None);
        }
    }

    /// <summary>A journal that now and then forgets what a call cost.</summary>
    private sealed class DroppedSettle : Plant
    {
        private const int Percent = 10;

        public override IUsageJournal Journal(IUsageJournal journal, SimWorld world) => new Forgetful(journal, world);

        private sealed class Forgetful(IUsageJournal journal, SimWorld world) : PassingJournal(journal)
        {
            public override ValueTask<AppendStatus> AppendAsync(
                JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
                entry.Kind == JournalEntryKind.Settle && world.Loop.Random.Chance(Percent)
                    ? new ValueTask<AppendStatus>(AppendStatus.Appended)
                    : base.AppendAsync(key, entry, haste, cancellationToken);
        }
    }

    /// <summary>A desk that grants an exposure which it does not store with the lease.</summary>
    private sealed class ForgottenExposure : Plant
    {
        public override async Task<LeaseReply> AcquireAsync(BudgetDesk desk, LeaseRequest request) =>
            await desk.AcquireAsync(request with { ExposureNanos = 0 }, CancellationToken.None) with { ExposureNanos = request.ExposureNanos };
    }

    private abstract class PassingJournal(IUsageJournal journal) : IUsageJournal
    {
        public Task OpenAsync(JournalKey key, CancellationToken cancellationToken) => journal.OpenAsync(key, cancellationToken);

        public ValueTask<AppendStatus> AppendAsync(JournalKey key, JournalEntry entry, CancellationToken cancellationToken) =>
            AppendAsync(key, entry, AppendHaste.Now, cancellationToken);

        public virtual ValueTask<AppendStatus> AppendAsync(
            JournalKey key, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
            journal.AppendAsync(key, entry, haste, cancellationToken);

        public ValueTask<ImmutableArray<AppendStatus>> AppendAsync(
            ImmutableArray<JournalKey> keys, JournalEntry entry, AppendHaste haste, CancellationToken cancellationToken) =>
            this.AppendEachAsync(keys, entry, cancellationToken);

        public virtual Task<JournalContents> SealAsync(JournalKey key, CancellationToken cancellationToken) => journal.SealAsync(key, cancellationToken);

        public Task ArchiveAsync(JournalKey key, CancellationToken cancellationToken) => journal.ArchiveAsync(key, cancellationToken);
    }
}
