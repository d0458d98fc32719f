using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Cascade.Client;
using Cascade.Contracts;

namespace Cascade.Tests.Gateway;

/// <summary>A cluster that answers whatever the test wants and remembers what it was asked.</summary>
internal sealed class FakeCascadeClient : ICascadeClient
{
    public List<CascadeRequest> Requests { get; } = [];

    public Func<CascadeRequest, CancellationToken, Task<CascadeReply>> OnComplete { get; set; } = (_, _) => Task.FromResult(Replies.Answer());

    public Func<AccountId, bool, AccountSnapshot> OnBudget { get; set; } = (account, _) => Replies.Snapshot(account);

    public Func<ImmutableArray<CatalogItem>> OnList { get; set; } = () =>
    [
        new CatalogItem { Name = "math", IsRoute = true, Source = "synthetic" },
        new CatalogItem { Name = "openai/gpt-4o-mini@eastus", IsRoute = false, Source = "openai" },
    ];

    public Task<CascadeReply> CompleteAsync(CascadeRequest request, CancellationToken cancellationToken = default)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        return OnComplete(request, cancellationToken);
    }

    /// <summary>What a stream says; null delivers the whole reply in one part.</summary>
    public Func<CascadeRequest, CancellationToken, IAsyncEnumerable<CascadeUpdate>>? OnStream { get; set; }

    public IAsyncEnumerable<CascadeUpdate> StreamAsync(CascadeRequest request, CancellationToken cancellationToken = default)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        return OnStream is { } stream ? stream(request, cancellationToken) : InOnePartAsync(request, cancellationToken);
    }

    private async IAsyncEnumerable<CascadeUpdate> InOnePartAsync(CascadeRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reply = await OnComplete(request, cancellationToken);
        if (reply.Status == CascadeStatus.Answered)
        {
            yield return new CascadeUpdate { Kind = CascadeUpdateKind.Committed, Endpoint = reply.Endpoint };
            yield return new CascadeUpdate { Kind = CascadeUpdateKind.Text, Text = reply.Text };
        }

        yield return new CascadeUpdate { Kind = CascadeUpdateKind.Ended, Reply = reply with { Text = "" } };
    }

    public Task<AccountSnapshot> GetBudgetAsync(AccountId account, bool collect, CancellationToken cancellationToken = default) =>
        Task.FromResult(OnBudget(account, collect));

    public Func<ImmutableArray<EndpointSnapshot>> OnEndpoints { get; set; } = () => [];

    public Task<ImmutableArray<EndpointSnapshot>> ListEndpointsAsync(CancellationToken cancellationToken = default) => Task.FromResult(OnEndpoints());

    public Func<SpendRequest, SpendReply> OnSpend { get; set; } = _ => new SpendReply { Status = BudgetStatus.Ok };

    /// <summary>What every answer about spend waits for.</summary>
    public Task SpendIsReady { get; set; } = Task.CompletedTask;

    public async Task<SpendReply> GetSpendAsync(SpendRequest request, CancellationToken cancellationToken = default)
    {
        await SpendIsReady;
        return OnSpend(request);
    }

    /// <summary>Every change of a cap that was asked for.</summary>
    public List<(BudgetKey Budget, CapOverrideRequest Request)> Overrides { get; } = [];

    public CapOverrideReply OverrideReply { get; set; } = new() { Status = BudgetStatus.Ok, LimitNanos = 15_000_000_000 };

    public Task<CapOverrideReply> OverrideCapAsync(BudgetKey budget, CapOverrideRequest request, CancellationToken cancellationToken = default)
    {
        Overrides.Add((budget, request));
        return Task.FromResult(OverrideReply);
    }

    public Task<ImmutableArray<CatalogItem>> ListModelsAsync(CancellationToken cancellationToken = default) => Task.FromResult(OnList());

    /// <summary>Every account whose models were asked for.</summary>
    public List<AccountId> ListedFor { get; } = [];

    public Task<ImmutableArray<CatalogItem>> ListModelsForAsync(AccountId account, CancellationToken cancellationToken = default)
    {
        ListedFor.Add(account);
        return Task.FromResult(OnList());
    }
}
