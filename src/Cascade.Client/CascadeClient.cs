using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Cascade.Contracts;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Messaging;

namespace Cascade.Client;

/// <summary>
/// Talks to the cluster through Orleans. Thread-safe; one instance per process is enough.
/// </summary>
/// <remarks>
/// A question is tried again only when the cluster says that it never began to work on it, and then under the same operation id.
/// A question that timed out or lost its silo is not tried again: it may still be running and may still cost money, and only the
/// caller knows whether a second answer is worth a second price. Reading a budget or the catalog changes nothing, so it is tried again
/// after every fault.
/// </remarks>
public sealed class CascadeClient : ICascadeClient
{
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly CascadeClientOptions _options;

    /// <summary>Creates the client.</summary>
    /// <param name="grains">An Orleans client, or the grain factory of the silo in this process.</param>
    /// <param name="options">Limits of retrying.</param>
    /// <param name="time">Drives the waits between tries.</param>
    public CascadeClient(IGrainFactory grains, IOptions<CascadeClientOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(grains);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _grains = grains;
        _options = options.Value;
        _time = time;
    }

    /// <inheritdoc />
    public Task<CascadeReply> CompleteAsync(CascadeRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TryAsync(
            token => _grains.GetGrain<ICascadeRouterGrain>(0).CompleteAsync(request, token),
            WasNeverBegun,
            cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<CascadeUpdate> StreamAsync(
        CascadeRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var updates = await TryAsync(token => OpenAsync(request, token), WasNeverBegun, cancellationToken);
        await using (updates)
        {
            do
            {
                yield return updates.Current;
            }
            while (await updates.MoveNextAsync());
        }
    }

    /// <inheritdoc />
    public Task<AccountSnapshot> GetBudgetAsync(AccountId account, bool collect, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(account.Value, nameof(account));
        return TryAsync(
            token => _grains.GetGrain<ITenantBudgetGrain>(account.Value).GetSnapshotAsync(collect, token),
            IsFaultOfTheWay,
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<SpendReply> GetSpendAsync(SpendRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return TryAsync(token => _grains.GetGrain<ISpendGrain>(0).ReadAsync(request, token), IsFaultOfTheWay, cancellationToken);
    }

    /// <inheritdoc />
    public Task<CapOverrideReply> OverrideCapAsync(BudgetKey budget, CapOverrideRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentException.ThrowIfNullOrEmpty(budget.Account.Value, nameof(budget));
        return TryAsync(
            token => _grains.GetGrain<ITenantBudgetGrain>(budget.ToString()).OverrideAsync(request, token), IsFaultOfTheWay, cancellationToken);
    }

    /// <inheritdoc />
    public Task<ImmutableArray<CatalogItem>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        TryAsync(token => _grains.GetGrain<ICatalogGrain>(0).ListAsync(token), IsFaultOfTheWay, cancellationToken);

    /// <inheritdoc />
    public Task<ImmutableArray<CatalogItem>> ListModelsForAsync(AccountId account, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(account.Value, nameof(account));
        return TryAsync(token => _grains.GetGrain<ICatalogGrain>(0).ListForAsync(account, token), IsFaultOfTheWay, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ImmutableArray<EndpointSnapshot>> ListEndpointsAsync(CancellationToken cancellationToken = default)
    {
        var models = await ListModelsAsync(cancellationToken);
        var names = models.Where(static m => !m.IsRoute).SelectMany(static m => m.Endpoints).Select(static e => e.Value).Distinct(StringComparer.Ordinal);
        return
        [
            .. await Task.WhenAll(names.Order(StringComparer.Ordinal).Select(name => TryAsync(
                token => _grains.GetGrain<IModelEndpointGrain>(name).GetSnapshotAsync(token), IsFaultOfTheWay, cancellationToken))),
        ];
    }

    // A silo that was lost is a rejection by its type, and may have begun.
    private static bool WasNeverBegun(Exception fault) =>
        fault is GatewayTooBusyException or (OrleansMessageRejectionException and not SiloUnavailableException);

    private static bool IsFaultOfTheWay(Exception fault) =>
        WasNeverBegun(fault) || fault is TimeoutException or SiloUnavailableException or ConnectionFailedException;

    // The first update is read here, so that a stream that never began can be begun again.
    private async Task<IAsyncEnumerator<CascadeUpdate>> OpenAsync(CascadeRequest request, CancellationToken cancellationToken)
    {
        var updates = _grains.GetGrain<ICascadeRouterGrain>(0).StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            return await updates.MoveNextAsync()
                ? updates
                : throw new CascadeException("the cluster ended the stream without a reply; this is a fault of the cluster");
        }
        catch
        {
            await updates.DisposeAsync();
            throw;
        }
    }

    private async Task<T> TryAsync<T>(Func<CancellationToken, Task<T>> call, Func<Exception, bool> mayRetry, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call(cancellationToken);
            }
            catch (Exception fault) when (attempt < _options.MaxAttempts && mayRetry(fault))
            {
                await Task.Delay(_options.RetryDelay, _time, cancellationToken);
            }
        }
    }
}
