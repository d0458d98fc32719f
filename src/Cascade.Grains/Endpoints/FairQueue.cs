using Cascade.Contracts;

namespace Cascade.Grains.Endpoints;

/// <summary>A call that waits.</summary>
internal sealed class PermitWaiter(PermitAsk ask, TenantUse tenant, long deadline) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public PermitAsk Ask => ask;

    public TenantUse Tenant => tenant;

    /// <summary>Until when it may wait.</summary>
    public long Deadline => deadline;

    /// <summary>What came of the wait, once it is over.</summary>
    public Admission Admission { get; set; }

    /// <summary>Its place; null when it has none any more.</summary>
    public LinkedListNode<PermitWaiter>? Place { get; set; }
}

/// <summary>What a gate knows of a tenant. Its place in the queue of each class is kept apart.</summary>
internal sealed class TenantUse(string name)
{
    public string Name => name;

    /// <summary>The configured weight.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>The weight on this silo that makes shares fair across the cluster; 0 while the grain has not said.</summary>
    public double LocalWeight { get; set; }

    /// <summary>Calls in flight and waiting.</summary>
    public int Calls { get; set; }

    public Flow Interactive { get; } = new();

    public Flow Batch { get; } = new();

    public double Share => LocalWeight > 0 ? LocalWeight : Weight;

    public Flow Of(bool batch) => batch ? Batch : Interactive;
}

/// <summary>One tenant's or account's waiters of one class, with the virtual time it has been served up to.</summary>
internal sealed class Flow
{
    public double Start { get; set; }

    /// <summary>Breaks ties by who came first.</summary>
    public long Order { get; set; }

    public int Waiting { get; set; }

    /// <summary>Accounts of a tenant that wait, in the order they are served.</summary>
    public SortedSet<AccountFlow>? Accounts { get; set; }

    public Dictionary<AccountId, AccountFlow>? ByAccount { get; set; }

    /// <summary>The virtual time among the accounts.</summary>
    public double Now { get; set; }
}

/// <summary>One account's waiters within its tenant, oldest first.</summary>
internal sealed class AccountFlow(AccountId account, long order)
{
    public AccountId Account => account;

    public long Order => order;

    public double Start { get; set; }

    public LinkedList<PermitWaiter> Waiters { get; } = new();
}

/// <summary>
/// Waiters of one class: tenants are served by weight, what they are served being counted in tokens, and within a tenant its accounts likewise.
/// Start-time fair queueing: next is whoever has been served least, and whoever was away has saved nothing up. Not thread-safe.
/// </summary>
internal sealed class FairQueue(bool batch)
{
    private static readonly Comparer<TenantUse>[] ByStart = [Comparer(batch: false), Comparer(batch: true)];
    private static readonly Comparer<AccountFlow> AccountByStart = Comparer<AccountFlow>.Create(static (a, b) =>
        a.Start.CompareTo(b.Start) is var order and not 0 ? order : a.Order.CompareTo(b.Order));

    private readonly SortedSet<TenantUse> _waiting = new(ByStart[batch ? 1 : 0]);
    private double _now;
    private long _order;

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>Tokens of those who wait.</summary>
    public long Tokens { get; private set; }

    /// <summary>The weights of the tenants that wait.</summary>
    public double Weights => _waiting.Sum(static t => t.Share);

    /// <summary>Who is next; null when nobody waits.</summary>
    public PermitWaiter? Next => _waiting.Min?.Of(batch).Accounts!.Min!.Waiters.First!.Value;

    /// <summary>Every waiter, in no order.</summary>
    public IEnumerable<PermitWaiter> All => _waiting.SelectMany(t => t.Of(batch).Accounts!).SelectMany(static a => a.Waiters);

    public void Add(PermitWaiter waiter)
    {
        var flow = waiter.Tenant.Of(batch);
        if (flow.Waiting++ == 0)
        {
            (flow.Start, flow.Order) = (Math.Max(flow.Start, _now), ++_order);
            _waiting.Add(waiter.Tenant);
        }

        var accounts = flow.ByAccount ??= [];
        if (!accounts.TryGetValue(waiter.Ask.Account, out var account))
        {
            accounts.Add(waiter.Ask.Account, account = new AccountFlow(waiter.Ask.Account, ++_order) { Start = flow.Now });
            (flow.Accounts ??= new SortedSet<AccountFlow>(AccountByStart)).Add(account);
        }

        waiter.Place = account.Waiters.AddLast(waiter);
        Count++;
        Tokens += waiter.Ask.Tokens;
    }

    /// <summary>Takes out who is next and counts it as served.</summary>
    public void TakeNext()
    {
        var tenant = _waiting.Min!;
        var flow = tenant.Of(batch);
        var account = flow.Accounts!.Min!;
        var waiter = account.Waiters.First!.Value;
        var tokens = Math.Max(1, waiter.Ask.Tokens);
        _waiting.Remove(tenant);
        flow.Accounts.Remove(account);
        (_now, flow.Now) = (Math.Max(_now, flow.Start), Math.Max(flow.Now, account.Start));
        flow.Start += tokens / tenant.Share;
        account.Start += tokens;
        flow.Accounts.Add(account);
        _waiting.Add(tenant);
        Remove(waiter);
    }

    /// <summary>Counts a call that did not have to wait as served.</summary>
    public void Charge(TenantUse tenant, long tokens)
    {
        var flow = tenant.Of(batch);
        var start = Math.Max(flow.Start, _now);
        _now = start;
        flow.Start = start + (Math.Max(1, tokens) / tenant.Share);
    }

    /// <summary>Corrects what a tenant was served once the real tokens are known.</summary>
    public void Correct(TenantUse tenant, long tokens)
    {
        var flow = tenant.Of(batch);
        var waits = flow.Waiting > 0 && _waiting.Remove(tenant);
        flow.Start = Math.Max(_now, flow.Start + (tokens / tenant.Share));
        if (waits)
        {
            _waiting.Add(tenant);
        }
    }

    /// <summary>Takes a waiter out before its turn. Does nothing when it is out already.</summary>
    public void Remove(PermitWaiter waiter)
    {
        if (waiter.Place is not { } place)
        {
            return;
        }

        waiter.Place = null;
        Count--;
        Tokens -= waiter.Ask.Tokens;
        var flow = waiter.Tenant.Of(batch);
        var account = flow.ByAccount![waiter.Ask.Account];
        account.Waiters.Remove(place);
        if (account.Waiters.Count == 0)
        {
            flow.Accounts!.Remove(account);
            flow.ByAccount.Remove(waiter.Ask.Account);
        }

        if (--flow.Waiting == 0)
        {
            _waiting.Remove(waiter.Tenant);
        }
    }

    private static Comparer<TenantUse> Comparer(bool batch) => Comparer<TenantUse>.Create((a, b) =>
    {
        var (left, right) = (a.Of(batch), b.Of(batch));
        return left.Start.CompareTo(right.Start) is var order and not 0 ? order : left.Order.CompareTo(right.Order);
    });
}
