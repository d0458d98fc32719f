using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Cascade.Contracts;

namespace Cascade.Client;

/// <summary>What a program asks of the cluster. The HTTP gateway and <see cref="CascadeChatClient"/> are written against it; tests can fake it.</summary>
public interface ICascadeClient
{
    /// <summary>Answers a request, or says why not. Refusals are values; only faults of the cluster or the way to it are thrown.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the work; money that a provider may bill is booked all the same.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="TimeoutException">No reply in time. The outcome is unknown and money may have been spent, so it is not tried again.</exception>
    Task<CascadeReply> CompleteAsync(CascadeRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Answers a request while the answer is made: the parts of one committed answer, then the reply. Refusals are values here too. A client that
    /// cannot stream delivers the whole answer as one part.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Cancels the work, as leaving the stream does; money that a provider may bill is booked all the same.</param>
    /// <returns>The updates; the last one is <see cref="CascadeUpdateKind.Ended"/> and carries the reply. Read them without long pauses.</returns>
    async IAsyncEnumerable<CascadeUpdate> StreamAsync(CascadeRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var reply = await CompleteAsync(request, cancellationToken);
        if (reply.Status == CascadeStatus.Answered)
        {
            yield return new CascadeUpdate { Kind = CascadeUpdateKind.Committed, Endpoint = reply.Endpoint };
            yield return new CascadeUpdate { Kind = CascadeUpdateKind.Text, Text = reply.Text };
        }

        yield return new CascadeUpdate { Kind = CascadeUpdateKind.Ended, Reply = reply with { Text = "" } };
    }

    /// <summary>Tells where an account stands.</summary>
    /// <param name="account">The account.</param>
    /// <param name="collect">Whether to ask every silo for its latest spend first; slower, and exact.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The snapshot; its status says when there is no such account.</returns>
    Task<AccountSnapshot> GetBudgetAsync(AccountId account, bool collect, CancellationToken cancellationToken = default);

    /// <summary>Tells how busy and how well every endpoint is.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The endpoints in ordinal order; none from a client that cannot tell.</returns>
    Task<ImmutableArray<EndpointSnapshot>> ListEndpointsAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult(ImmutableArray<EndpointSnapshot>.Empty);

    /// <summary>Tells what an account and those below it have spent.</summary>
    /// <param name="request">What to add up.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>One page; its status says when there is no such account or the request cannot be carried out.</returns>
    Task<SpendReply> GetSpendAsync(SpendRequest request, CancellationToken cancellationToken = default);

    /// <summary>Changes a cap of a budget for a time, or ends such a change.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="request">The change; a repeated call under the same operation id has no second effect.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is then unknown.</param>
    /// <returns>The outcome.</returns>
    Task<CapOverrideReply> OverrideCapAsync(BudgetKey budget, CapOverrideRequest request, CancellationToken cancellationToken = default);

    /// <summary>Lists what a request may name as its model.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Routes first, then endpoints, each in ordinal order.</returns>
    Task<ImmutableArray<CatalogItem>> ListModelsAsync(CancellationToken cancellationToken = default);

    /// <summary>Lists what a request of one account may name as its model.</summary>
    /// <param name="account">The account.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Routes first, then endpoints, each in ordinal order; nothing when there is no such account.</returns>
    Task<ImmutableArray<CatalogItem>> ListModelsForAsync(AccountId account, CancellationToken cancellationToken = default);
}
