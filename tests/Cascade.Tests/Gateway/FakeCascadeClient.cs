using System.Collections.Immutable;
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

    public Task<AccountSnapshot> GetBudgetAsync(AccountId account, bool collect, CancellationToken cancellationToken = default) =>
        Task.FromResult(OnBudget(account, collect));

    public Task<ImmutableArray<CatalogItem>> ListModelsAsync(CancellationToken cancellationToken = default) => Task.FromResult(OnList());
}
