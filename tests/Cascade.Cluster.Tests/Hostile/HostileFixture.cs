using System.Collections.Concurrent;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Hosting;
using Cascade.Grains.Model;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.TestKit.Grains;
using Cascade.TestKit.Providers;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>
/// One cluster in front of a provider that does everything wrong. All cases run at once when it starts, each against an endpoint and an account of
/// its own, so that the tests only look at what came of them.
/// </summary>
public sealed class HostileFixture : IAsyncLifetime
{
    public const string Parent = "hostile";
    public const string Answer = "The answer is 42.";
    public const int InputTokens = 10;
    public const int OutputTokens = 8;

    /// <summary>How long anything here may take on a slow machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static readonly TimeSpan LeaseLifetime = TimeSpan.FromSeconds(5);
    internal static readonly PriceList Prices = new(100_000_000, 10_000_000_000);

    private const int AtOnce = 8;
    private const int MaxInFlight = 64;
    private const long Cap = 1_000_000_000_000;

    private readonly ConcurrentDictionary<string, HostileResult> _results = new();
    private readonly ConcurrentDictionary<string, Exception> _faults = new();
    private readonly ModelCallerFactory _callers = new(TimeProvider.System);
    private OpenAiStubServer _whole = null!;
    private OpenAiStubServer _sent = null!;

    internal static IReadOnlyList<HostileTarget> Targets { get; } = [.. Enum.GetValues<HostileMode>()
        .SelectMany(mode => HostileCases.All.Select(hostile => (hostile, mode)))
        .Select((each, index) => new HostileTarget(each.hostile, each.mode, index))];

    internal CascadeTestCluster Cluster { get; private set; } = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _whole = await StartAsync(billsOnlyWhatWasSent: false);
        _sent = await StartAsync(billsOnlyWhatWasSent: true);
        Cluster = await CascadeTestCluster.StartAsync(2, Model(), Configure);
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Ct };
        await Parallel.ForEachAsync(Targets, options, async (target, _) => await RunAsync(target));
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await _whole.DisposeAsync();
        await _sent.DisposeAsync();
        _callers.Dispose();
    }

    internal HostileResult ResultOf(HostileTarget target) => _faults.TryGetValue(target.Name, out var fault)
        ? throw new InvalidOperationException($"{target.Name} did not come to an end", fault)
        : _results[target.Name];

    internal OpenAiStubServer StubOf(HostileMode mode) => mode == HostileMode.Counted ? _sent : _whole;

    /// <summary>What the provider bills for an endpoint, once it has let go of all its requests.</summary>
    internal async Task<IReadOnlyList<StubBill>> BillsAsync(string endpoint, HostileMode mode)
    {
        var stub = StubOf(mode);
        await Eventually.HoldsAsync(() => stub.InFlight == 0, Patience, Ct);
        return [.. stub.Bills.Where(bill => bill.Model == endpoint && bill.AttemptId.Length > 0)];
    }

    internal Task<AccountSnapshot> BooksAsync(string account) => Cluster.Budget(account).GetSnapshotAsync(collect: true, Ct);

    internal Task<EndpointSnapshot> EndpointAsync(string endpoint) => Cluster.Client.GetGrain<IModelEndpointGrain>(endpoint).GetSnapshotAsync(Ct);

    /// <summary>Waits until nothing of an endpoint and an account is in use, for which two lifetimes of a lease must suffice.</summary>
    internal async Task IsAtRestAsync(string endpoint, string account)
    {
        var (capacity, books) = ((EndpointSnapshot?)null, (AccountSnapshot?)null);
        try
        {
            await Eventually.HoldsAsync(
                async () => (capacity = await EndpointAsync(endpoint)) is { LeasedInFlight: 0, WantedInFlight: 0, OutstandingTokens: 0, Holders: 0 },
                2 * LeaseLifetime,
                Ct);
            await Eventually.HoldsAsync(
                async () => (books = await Cluster.Budget(account).GetSnapshotAsync(collect: false, Ct)) is { OpenLeases: 0, LeasedNanos: 0 }, 2 * LeaseLifetime, Ct);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{endpoint} of {account} is not at rest: {capacity}, {books}");
        }
    }

    /// <summary>Asks for an answer, in one piece or as a stream.</summary>
    internal async Task<(CascadeReply Reply, string Text)> AskAsync(CascadeRequest request, bool streams, int silo, Action? sawWords = null)
    {
        var router = Cluster.Silo(silo % 2).GetGrain<ICascadeRouterGrain>(0);
        if (!streams)
        {
            var reply = await router.CompleteAsync(request, Ct);
            return (reply, reply.Text);
        }

        var (text, end) = ("", (CascadeReply?)null);
        await foreach (var update in router.StreamAsync(request, Ct))
        {
            text += update.Text;
            end = update.Reply;
            if (text.Length > 0)
            {
                sawWords?.Invoke();
            }
        }

        return (end ?? throw new InvalidOperationException("the stream ended without a reply"), text);
    }

    private async Task RunAsync(HostileTarget target)
    {
        try
        {
            _results[target.Name] = await CallAsync(target);
        }
        catch (Exception fault)
        {
            _faults[target.Name] = fault;
        }
    }

    private async Task<HostileResult> CallAsync(HostileTarget target)
    {
        var asking = AskAsync(
            CascadeTestCluster.Request(target.Account, target.Name), target.Mode != HostileMode.Buffered, target.Name.Length, target.SawWords);
        var early = false;
        if (target.Expected.EndedBy is { } limit)
        {
            await (target.Expected.HasWords ? target.Words : ArrivedAsync(target)).WaitAsync(Patience, Ct);
            target.Clock.Advance(limit - TimeSpan.FromSeconds(1));
            early = asking.IsCompleted;
            target.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var due = TimeProvider.System.GetTimestamp();
        var (reply, text) = await asking.WaitAsync(Patience, Ct);
        return new HostileResult { Target = target, Reply = reply, Text = text, EndedEarly = early, Late = TimeProvider.System.GetElapsedTime(due) };
    }

    private Task ArrivedAsync(HostileTarget target) =>
        Eventually.HoldsAsync(() => StubOf(target.Mode).Requests.Any(request => request.Model == target.Name), Patience, Ct);

    private static Task<OpenAiStubServer> StartAsync(bool billsOnlyWhatWasSent)
    {
        var faults = Targets.ToDictionary(target => target.Name, target => target.Fault);
        var models = faults.Keys.Concat(Sweep.All.Select(sweep => sweep.Name))
            .Concat(Storm.All.Select(storm => storm.Name)).Concat(Leaver.All.Select(leaver => leaver.Name));
        return OpenAiStubServer.StartAsync(LambdaChatClient.Says(Answer, InputTokens, OutputTokens), new OpenAiStubOptions
        {
            Prices = models.ToDictionary(model => model, _ => Prices),
            Fault = request => faults.TryGetValue(request.Model, out var fault) ? fault : Sweep.FaultOf(request) ?? Storm.FaultOf(request),
            BeforeDelta = Leaver.BeforeDeltaAsync,
            BillsOnlyWhatWasSent = billsOnlyWhatWasSent,
        });
    }

    private ClusterModel Model()
    {
        var model = new TestModel().Account(Parent, Cap).Account($"{Parent}/*", Cap).Account(Sweep.Parent, Cap).Account($"{Sweep.Parent}/*", Cap)
            .Account(Storm.Account, Cap).Account(Leaver.Parent, Cap).Account($"{Leaver.Parent}/*", Cap);
        foreach (var target in Targets)
        {
            var config = HostileTarget.Config(target.Name, target.Mode, StubOf(target.Mode).BaseUrl);
            Add(model, target.Name, config, target.CreateCaller(config), MaxInFlight);
        }

        var shared = Sweep.All.Select(sweep => (sweep.Name, sweep.Mode, InFlight: MaxInFlight, Drains: true))
            .Concat(Storm.All.Select(storm => (storm.Name, HostileMode.Streamed, Storm.MaxInFlight, true)))
            .Concat(Leaver.All.Select(leaver => (leaver.Name, leaver.Mode, MaxInFlight, leaver.Drains)));
        foreach (var (name, mode, inFlight, drains) in shared)
        {
            var config = HostileTarget.Config(name, mode, StubOf(mode).BaseUrl);
            config.DrainOnCancel = drains;
            Add(model, name, config, _callers.Create(name, config), inFlight);
        }

        return model.Build();
    }

    private static void Add(TestModel model, string name, EndpointConfig config, IModelCaller caller, int maxInFlight) => model.Endpoint(name, caller, endpoint => endpoint with
    {
        Price = Prices,
        MaxInFlight = maxInFlight,
        Timeout = TimeSpan.FromSeconds(config.TimeoutSeconds),
        DrainOnCancel = config.DrainOnCancel,
        Stream = config.ToStreamPolicy(),
    });

    private static void Configure(CascadeOptions options)
    {
        options.LeaseLifetime = LeaseLifetime;
        options.ReportInterval = TimeSpan.FromMilliseconds(250);
        options.LeaseMargin = TimeSpan.FromSeconds(1);
        options.LeaseIdle = TimeSpan.FromMilliseconds(200);
    }
}

/// <summary>Everything that shares the cluster.</summary>
[CollectionDefinition(Name)]
public sealed class HostileCollection : ICollectionFixture<HostileFixture>
{
    public const string Name = "hostile";
}
