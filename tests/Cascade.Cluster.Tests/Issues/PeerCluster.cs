using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Cluster.Tests.Issues;

/// <summary>A cluster with one account and one endpoint, whose calls cost exactly what was reserved for them unless said otherwise.</summary>
internal sealed class PeerCluster(CascadeTestCluster cluster, ScriptedCaller provider) : IAsyncDisposable
{
    public const string Account = "acme";

    /// <summary>Cost of a call that uses up its limit of ten tokens.</summary>
    public const long Cost = 10 * TestModel.TokenNanos;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public CascadeTestCluster Cluster => cluster;

    public ScriptedCaller Provider => provider;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<PeerCluster> StartAsync(
        long capNanos,
        short silos = 1,
        ScriptedCaller? provider = null,
        string account = Account,
        Func<Grains.Model.EndpointModel, Grains.Model.EndpointModel>? endpoint = null,
        Action<Grains.Hosting.CascadeOptions>? options = null)
    {
        provider ??= ScriptedCaller.Answering("42");
        var model = new TestModel().Endpoint("m", provider, endpoint).Account(account, capNanos).Build();
        return new PeerCluster(await CascadeTestCluster.StartAsync(silos, model, options), provider);
    }

    public Task<CascadeReply> AskAsync(int silo = 0, int maxTokens = 10, string account = Account, CancellationToken? ct = null) =>
        cluster.AskAsync(account, "m", silo, maxTokens, ct ?? Ct);

    /// <summary>Asks at once, spread over the silos.</summary>
    public Task<CascadeReply[]> AskAllAsync(int count, int silos = 1, string account = Account) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => AskAsync(i % silos, account: account)));

    public Task<AccountSnapshot> BooksAsync(string account = Account) => cluster.Budget(account).GetSnapshotAsync(collect: true, Ct);

    /// <summary>What the provider billed, by its own count.</summary>
    public long Billed() => provider.Served.Where(s => s.Result.Billing == BillingCertainty.Reported).Sum(s => s.Result.OutputTokens * TestModel.TokenNanos);

    public ValueTask DisposeAsync() => cluster.DisposeAsync();
}
