using Cascade.Budgets;
using Xunit;

namespace Cascade.Tests.Budgets;

public sealed class LeaseBookTests
{
    private readonly LeaseBook _book = new("lease", 1, finishedOperations: 4);

    public LeaseBookTests() => _book.SetGranted(new Money(100));

    [Fact]
    public void Reserve_EnoughFree_TakesTheUpperBound()
    {
        Assert.Equal(new Reservation(ReservationStatus.Reserved, new Money(60)), Reserve("a", 60, 10));
        Assert.Equal(new Reservation(ReservationStatus.Clamped, new Money(40)), Reserve("b", 60, 10));
        Assert.Equal(new Reservation(ReservationStatus.Insufficient, Money.Zero), Reserve("c", 60, 0));
        Assert.Equal(new Reservation(ReservationStatus.DuplicateOperation, new Money(60)), Reserve("a", 5, 1));
        Assert.Equal(ReservationStatus.Reserved, Reserve("free of charge", 0, 0).Status);
    }

    [Fact]
    public void Settle_Twice_KeepsTheFirstCost()
    {
        Reserve("a", 60, 10);
        Assert.Equal(BookStatus.Ok, _book.Settle("a", new Money(7)));
        Assert.Equal(BookStatus.Ok, _book.Settle("a", new Money(7)));
        Assert.Equal(BookStatus.AlreadySettled, _book.Settle("a", new Money(8)));
        Assert.Equal(BookStatus.AlreadySettled, _book.Void("a"));
        Assert.Equal(BookStatus.AlreadySettled, _book.MarkUnconfirmed("a", Money.Zero));
        Assert.Equal(BookStatus.AlreadySettled, _book.Start("a"));
        Assert.Equal((new Money(7), new Money(93)), (_book.Settled, _book.Free));
        Assert.Equal(ReservationStatus.DuplicateOperation, Reserve("a", 1, 1).Status);
    }

    [Fact]
    public void Settle_AboveTheReservation_BooksTheExcess()
    {
        Reserve("a", 100, 100);
        Assert.Equal(BookStatus.Ok, _book.Settle("a", new Money(130)));
        Assert.Equal(new Money(-30), _book.Free);
        Assert.Equal(ReservationStatus.Insufficient, Reserve("b", 1, 0).Status);
    }

    [Fact]
    public void Void_ThenAnythingElse_SaysVoided()
    {
        Reserve("a", 60, 10);
        Assert.Equal(BookStatus.Ok, _book.Void("a"));
        Assert.Equal(BookStatus.Ok, _book.Void("a"));
        Assert.Equal(BookStatus.AlreadyVoided, _book.Settle("a", new Money(1)));
        Assert.Equal(BookStatus.AlreadyVoided, _book.Start("a"));
        Assert.Equal(BookStatus.UnknownOperation, _book.Void("b"));
        Assert.Equal(new Money(100), _book.Free);
    }

    [Fact]
    public void MarkUnconfirmed_ThenSettledLate_GivesTheRestBackToTheAccount()
    {
        Reserve("a", 60, 10);
        Assert.Equal(BookStatus.Ok, _book.MarkUnconfirmed("a", new Money(5)));
        Assert.Equal(BookStatus.AlreadyUnconfirmed, _book.MarkUnconfirmed("a", new Money(6)));
        Assert.Equal(BookStatus.AlreadyUnconfirmed, _book.Void("a"));
        Assert.False(_book.HasReservations);
        Assert.Equal([new UnconfirmedCost("a", new Money(5), new Money(60))], _book.Totals().Unconfirmed);
        Assert.Equal(BookStatus.Ok, _book.Settle("a", new Money(9)));
        var totals = _book.Totals();
        Assert.Equal([new ResolvedCost("a", new Money(9))], totals.Resolved);
        Assert.Equal((new Money(9), new Money(51), new Money(40)), (_book.Settled, _book.Released, _book.Free));
        _book.Acknowledge(totals);
        Assert.Empty(_book.Totals().Resolved);
    }

    [Fact]
    public void Expire_DeadlinePassed_VoidsWhatNeverStartedAndHoldsTheRest()
    {
        _book.Reserve("a", new Money(10), new Money(10), deadline: 5);
        _book.Reserve("b", new Money(20), new Money(10), deadline: 5);
        _book.Reserve("c", new Money(30), new Money(10), deadline: 6);
        _book.Start("b", new Money(2));
        Assert.Equal(
            [new ExpiredReservation("a", false, Money.Zero, Money.Zero), new ExpiredReservation("b", true, new Money(2), new Money(20))],
            _book.Expire(5).OrderBy(e => e.OperationId, StringComparer.Ordinal));
        Assert.Equal(BookStatus.AlreadyVoided, _book.Start("a"));
        Assert.Equal((new Money(30), new Money(20), new Money(50)), (_book.Reserved, _book.Unconfirmed, _book.Free));
    }

    [Fact]
    public void ReleaseIdle_KeepsWhatItIsToldAndNeverGoesBack()
    {
        Reserve("a", 60, 10);
        Assert.Equal(new Money(25), _book.ReleaseIdle(new Money(15)));
        Assert.Equal(Money.Zero, _book.ReleaseIdle(new Money(15)));
        _book.SetGranted(new Money(50));
        Assert.Equal((new Money(100), new Money(15)), (_book.Granted, _book.Free));
    }

    [Fact]
    public void Finished_BeyondTheLimit_AreForgottenOldestFirst()
    {
        foreach (var id in new[] { "a", "b", "c", "d", "e" })
        {
            Reserve(id, 1, 1);
            _book.Settle(id, new Money(1));
        }

        Assert.Equal(BookStatus.UnknownOperation, _book.Settle("a", new Money(1)));
        Assert.Equal(BookStatus.Ok, _book.Settle("b", new Money(1)));
    }

    [Fact]
    public void Trim_BeforeTheStart_FreesTheRestAndNeverRaises()
    {
        Reserve("a", 60, 10);

        Assert.Equal(BookStatus.Ok, _book.Trim("a", new Money(25)));
        Assert.Equal((new Money(25), new Money(75)), (_book.Reserved, _book.Free));
        Assert.Throws<ArgumentOutOfRangeException>(() => _book.Trim("a", new Money(26)));
        Assert.Equal(new Money(25), Reserve("a", 60, 10).Amount);
        _book.Start("a");
        Assert.Equal(BookStatus.AlreadyStarted, _book.Trim("a", new Money(5)));
        _book.MarkUnconfirmed("a", Money.Zero);
        Assert.Equal(BookStatus.AlreadyUnconfirmed, _book.Trim("a", new Money(5)));
        _book.Settle("a", new Money(5));
        Assert.Equal(BookStatus.AlreadySettled, _book.Trim("a", new Money(5)));
        Assert.Equal(BookStatus.UnknownOperation, _book.Trim("b", new Money(5)));
    }

    [Fact]
    public void Totals_ByModel_SayWhereTheMoneyWent()
    {
        foreach (var (id, endpoint, cost) in new[] { ("a", "mini", 3), ("b", "big", 30), ("c", "mini", 4) })
        {
            Reserve(id, 30, 1);
            _book.Start(id, default, endpoint);
            _book.Settle(id, new Money(cost), "", new TokenCounts(100, 10, 50, 5));
        }

        var totals = _book.Totals();

        Assert.Equal(["big", "mini"], totals.ByModel.Select(m => m.Endpoint));
        Assert.Equal((new Money(7), 2L, new TokenCounts(200, 20, 100, 10)), (totals.ByModel[1].Settled, totals.ByModel[1].Attempts, totals.ByModel[1].Tokens));
        Assert.Equal(totals.Settled, new Money(totals.ByModel.Sum(m => m.Settled.Nanos)));
    }

    [Fact]
    public void Totals_UnconfirmedAndResolved_NameTheirEndpoint()
    {
        Reserve("a", 30, 1);
        _book.Start("a", default, "big");
        _book.MarkUnconfirmed("a", Money.Zero);
        Assert.Equal("big", _book.Totals().Unconfirmed.Single().Endpoint);

        _book.Settle("a", new Money(9));

        Assert.Equal("big", _book.Totals().Resolved.Single().Endpoint);
        Assert.Equal("big", _book.Totals().ByModel.Single().Endpoint);
    }

    private Reservation Reserve(string id, long upper, long floor) => _book.Reserve(id, new Money(upper), new Money(floor));
}
