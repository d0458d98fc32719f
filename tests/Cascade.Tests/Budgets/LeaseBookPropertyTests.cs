using Cascade.Budgets;
using CsCheck;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LeaseBookPropertyTests
{
    private const long Cap = 200;

    [Fact]
    public void BooksAndLedger_HonestHolders_NeverCommitMoreThanTheCap() =>
        LedgerMove.History.Sample(history => { new Run().Play(history); }, iter: 800, threads: 2);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        LedgerMove.History.Sample(
            history =>
            {
                var run = new Run();
                run.Play(history);
                seen.UnionWith(run.Seen);
            },
            iter: 300,
            threads: 1);
        Assert.Superset(
            new HashSet<string>
            {
                "Reserved", "Clamped", "Insufficient", "settled", "settled late", "settled late in another window", "voided", "unconfirmed",
                "expired", "released", "reported", "lost reply", "closed", "reconciled", "refused",
            },
            seen);
    }

    /// <summary>Three holders with real books; replies may be lost, days pass, and no call costs more than was reserved for it.</summary>
    private sealed class Run
    {
        private readonly LeaseBook?[] _books = new LeaseBook?[3];
        private readonly List<(LeaseBook Book, string Id, Money Upper, DateTimeOffset At)> _calls = [];
        private LedgerState _state = LedgerState.Empty;
        private DateTimeOffset _now = new(2026, 5, 6, 1, 0, 0, TimeSpan.Zero);
        private int _step;

        public HashSet<string> Seen { get; } = [];

        public void Play(LedgerMove[] history)
        {
            var cap = new WindowCap { Window = WindowKind.Day, Limit = new Money(Cap) };
            Apply(new SetCaps { OperationId = "caps", Caps = [cap] });
            foreach (var move in history)
            {
                _step++;
                _now += move.Clock == 0 ? TimeSpan.FromDays(1) : TimeSpan.FromMinutes(move.Clock);
                Step(move, move.Who % 3);
                Check();
            }
        }

        private void Step(LedgerMove move, int who)
        {
            if (_books[who] is not { } book || move.Kind < 12)
            {
                Grant(move, who);
                return;
            }

            switch (move.Kind)
            {
                case < 40:
                    Reserve(move, book);
                    break;
                case < 70:
                    EndCall(move);
                    break;
                case < 75:
                    AddIf("released", book.ReleaseIdle(new Money(move.A)) > Money.Zero);
                    break;
                case < 78:
                    AddIf("expired", !book.Expire(move.A).IsEmpty);
                    break;
                case < 90:
                    Report(move, book);
                    break;
                case < 94:
                    Reconcile(move);
                    break;
                default:
                    Close(who, book);
                    break;
            }
        }

        private void Grant(LedgerMove move, int who)
        {
            var result = Apply(new GrantLease
            {
                OperationId = $"op-{_step}",
                LeaseId = $"lease-{_step}",
                Holder = $"holder-{who}",
                Wanted = new Money(move.A + 30),
                Needed = new Money(move.B + 1),
                Lifetime = TimeSpan.FromMinutes(5),
            });
            AddIf("refused", result.Status is LedgerStatus.CapReached or LedgerStatus.HeldByOthers);
            AddIf("lost reply", result.Status == LedgerStatus.Ok && move.C % 7 == 0);
            if (result.Status == LedgerStatus.Ok && move.C % 7 != 0)
            {
                _books[who] ??= new LeaseBook(result.Lease!.LeaseId, result.Lease.Epoch);
                _books[who]!.SetGranted(result.Lease!.Granted);
            }
        }

        private void Reserve(LedgerMove move, LeaseBook book)
        {
            var id = $"call-{_step}";
            var reservation = book.Reserve(id, new Money(move.A + 1), new Money(1), deadline: move.B);
            Seen.Add(reservation.Status.ToString());
            if (reservation.Status is ReservationStatus.Reserved or ReservationStatus.Clamped)
            {
                _calls.Add((book, id, reservation.Amount, _now));
                book.Start(id);
            }
        }

        private void EndCall(LedgerMove move)
        {
            if (_calls.Count == 0)
            {
                return;
            }

            var (book, id, upper, at) = _calls[move.A % _calls.Count];
            var late = book.Totals().Unconfirmed.Any(u => u.AttemptId == id);
            switch (move.C % 4)
            {
                case 0:
                    AddIf("voided", book.Void(id) == BookStatus.Ok);
                    break;
                case 1:
                    AddIf("unconfirmed", book.MarkUnconfirmed(id, Money.Zero) == BookStatus.Ok);
                    break;
                default:
                    var done = book.Settle(id, Money.Min(upper, new Money(move.B))) == BookStatus.Ok;
                    AddIf(late ? "settled late" : "settled", done);
                    AddIf("settled late in another window", done && late && at.Date < _now.Date);
                    break;
            }
        }

        private void Report(LedgerMove move, LeaseBook book)
        {
            var totals = book.Totals();
            Apply(new ReportUsage { OperationId = $"op-{_step}", Totals = totals, Lifetime = TimeSpan.FromMinutes(5) });
            Seen.Add("reported");
            if (move.C % 5 > 0)
            {
                book.Acknowledge(totals);
            }
        }

        private void Reconcile(LedgerMove move)
        {
            var attempt = _state.Unconfirmed.Keys.Order(StringComparer.Ordinal).FirstOrDefault();
            if (attempt is not null)
            {
                var cost = Money.Min(_state.Unconfirmed[attempt].Upper, new Money(move.B));
                Apply(new Reconcile { OperationId = $"op-{_step}", AttemptId = attempt, Cost = cost });
                Seen.Add("reconciled");
            }
        }

        private void Close(int who, LeaseBook book)
        {
            book.Expire(long.MaxValue);
            Apply(new CloseLease { OperationId = $"op-{_step}", Totals = book.Totals() });
            _calls.RemoveAll(call => call.Book == book);
            _books[who] = null;
            Seen.Add("closed");
        }

        private LedgerResult Apply(LedgerCommand command)
        {
            var outcome = Ledger.Apply(_state, command, _now);
            _state = outcome.Next;
            return outcome.Result;
        }

        private void Check()
        {
            var committed = _state.Windows[0].Settled.Nanos + _state.Leases.Values.Sum(l => l.Open.Nanos)
                + _state.Unconfirmed.Values.Where(u => u.At >= _state.Windows[0].Start).Sum(u => u.Upper.Nanos);
            Assert.True(committed <= Cap, $"step {_step}: {committed} committed of {Cap}");
            Assert.Equal(Money.Zero, _state.Overrun);
            foreach (var book in _books.OfType<LeaseBook>())
            {
                var lease = _state.Leases[book.LeaseId];
                Assert.True(book.Granted <= lease.Granted, $"step {_step}: the book has {book.Granted}, the ledger granted {lease.Granted}");
                Assert.Equal(book.Granted, book.Free + book.Reserved + book.Unconfirmed + book.Settled + book.Released);
                Assert.True(book.Free >= Money.Zero, $"step {_step}: {book.Free} is free");
                Assert.True(lease.Settled <= book.Settled && lease.Released <= book.Released, $"step {_step}: the ledger is ahead of {book.LeaseId}");
            }
        }

        private void AddIf(string what, bool happened)
        {
            if (happened)
            {
                Seen.Add(what);
            }
        }
    }
}
