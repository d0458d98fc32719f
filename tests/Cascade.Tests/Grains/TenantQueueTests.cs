using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class TenantQueueTests
{
    private static readonly AccountId A = new("a");
    private static readonly AccountId B = new("b");

    private readonly TenantQueue _queue = new();
    private readonly Dictionary<TaskCompletionSource<bool>, string> _names = [];

    [Fact]
    public void TryTake_Empty_IsFalse() => Assert.False(_queue.TryTake(out _));

    [Fact]
    public void TryTake_AccountFloods_OthersTakeTurnsWithIt()
    {
        Add(A, "a1");
        Add(A, "a2");
        Add(A, "a3");
        Add(B, "b1");
        Add(new AccountId("c"), "c1");
        Add(B, "b2");

        Assert.Equal(["a1", "b1", "c1", "a2", "b2", "a3"], TakeAll());
    }

    [Fact]
    public void TryTake_AccountComesBackAfterItsLast_QueuesBehindTheOthers()
    {
        Add(A, "a1");
        Add(B, "b1");
        Add(B, "b2");
        Assert.True(_queue.TryTake(out _));
        Add(A, "a2");

        Assert.Equal(["b1", "a2", "b2"], TakeAll());
    }

    [Fact]
    public void Remove_LastOfAnAccount_TakesItsTurnAway()
    {
        var place = Add(A, "a1");
        Add(B, "b1");

        _queue.Remove(A, place);

        Assert.Equal((1, 0, 1), (_queue.Count, _queue.CountOf(A), _queue.CountOf(B)));
        Assert.Equal(["b1"], TakeAll());
    }

    [Fact]
    public void Remove_OneOfSeveral_KeepsTheRestInOrder()
    {
        Add(A, "a1");
        var place = Add(A, "a2");
        Add(A, "a3");

        _queue.Remove(A, place);

        Assert.Equal(2, _queue.CountOf(A));
        Assert.Equal(["a1", "a3"], TakeAll());
    }

    [Fact]
    public void Remove_TakenAlready_DoesNothing()
    {
        var place = Add(A, "a1");
        Assert.True(_queue.TryTake(out _));
        Add(A, "a2");

        _queue.Remove(A, place);

        Assert.Equal((1, 1), (_queue.Count, _queue.CountOf(A)));
        Assert.Equal(["a2"], TakeAll());
    }

    private LinkedListNode<TaskCompletionSource<bool>> Add(AccountId account, string name)
    {
        var waiter = new TaskCompletionSource<bool>();
        _names.Add(waiter, name);
        return _queue.Add(account, waiter);
    }

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_queue.TryTake(out var waiter))
        {
            taken.Add(_names[waiter]);
        }

        Assert.Equal(0, _queue.Count);
        return taken;
    }
}
