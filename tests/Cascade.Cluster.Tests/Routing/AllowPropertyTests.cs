using System.Collections.Concurrent;
using System.Collections.Immutable;
using Cascade.Cluster.Tests.Hosting;
using Cascade.Contracts;
using Cascade.Grains.Model;
using Cascade.Providers.Calling;
using Cascade.TestKit.Grains;
using Cascade.Verification;
using Xunit;

namespace Cascade.Cluster.Tests.Routing;

/// <summary>Random filters over random routes: a provider that a filter leaves out never sees a call, whatever the call would have been for.</summary>
public sealed class AllowPropertyTests
{
    private const int Endpoints = 8;
    private const int Worlds = 4;
    private const int Requests = 250;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_RandomFilters_NoCallReachesWhatIsLeftOut()
    {
        var seen = new Coverage();
        for (var seed = 1; seed <= Worlds; seed++)
        {
            await RunAsync(seed, seen);
        }

        seen.AssertInteresting();
    }

    private static async Task RunAsync(int seed, Coverage seen)
    {
        var world = new World(new Random(seed));
        await using var cluster = await CascadeTestCluster.StartAsync(1, world.Model, o => o.MaxAttempts = 12);
        var router = cluster.Client.GetGrain<ICascadeRouterGrain>(0);
        for (var i = 0; i < Requests; i++)
        {
            var (account, model, allow) = world.NextRequest();
            var request = CascadeTestCluster.Request(account, model) with { Operation = new OperationId($"r{i}"), Allow = allow };

            var reply = await router.CompleteAsync(request, Ct);

            var allowed = world.AllowedTo(account, allow);
            var called = world.TakeCalls();
            Assert.True(called.All(allowed.Contains), $"seed {seed}, request {i} of {account} to {model}: called {string.Join(' ', called)}, allowed {string.Join(' ', allowed)}");
            Assert.True(
                reply.Status == CascadeStatus.NotAllowed == !world.Reach(model).Any(allowed.Contains),
                $"seed {seed}, request {i} of {account} to {model}: {reply.Status} {reply.Problem}");
            Assert.All(reply.Attempts, attempt => Assert.Contains(attempt.Endpoint.Value, allowed));
            seen.Count(reply, called, world.Reach(model).Any(e => !allowed.Contains(e)), allow);
        }
    }

    /// <summary>A configuration and requests to it, all drawn from one seed.</summary>
    private sealed class World
    {
        private static readonly string[] Regions = ["", "eu", "us"];
        private static readonly string[] Providers = ["openai", "anthropic"];
        private static readonly string[] Tags = ["gdpr", "fast"];

        private readonly Random _random;
        private readonly ConcurrentQueue<string> _calls = new();
        private readonly Dictionary<string, EndpointModel> _endpoints;
        private readonly Dictionary<string, string[]> _reach = [];
        private readonly Dictionary<string, EndpointFilter?> _filters = [];
        private int _made;

        public World(Random random)
        {
            _random = random;
            var model = new TestModel();
            for (var i = 0; i < Endpoints; i++)
            {
                AddEndpoint(model, $"e{i}");
            }

            _endpoints = model.Build().Endpoints.ToDictionary(e => e.Key, e => e.Value);
            foreach (var (name, endpoint) in _endpoints)
            {
                _reach[name] = [name];
                if (endpoint.Reliability.Group is { Length: > 0 } group)
                {
                    _reach[group] = [.. _reach.GetValueOrDefault(group, []), name];
                }
            }

            var stages = _reach.Keys.ToArray();
            for (var i = 0; i < 20; i++)
            {
                AddRoute(model, $"route{i}", stages);
            }

            AddAccounts(model);
            Model = model.Build();
        }

        public ClusterModel Model { get; }

        /// <summary>Everything that a model could answer with if nobody were left out; judges do not answer.</summary>
        public string[] Reach(string model) => _reach[model];

        public (string Account, string Model, EndpointFilter? Allow) NextRequest() =>
            (Pick([.. _filters.Keys]), Pick([.. _reach.Keys]), _random.Next(3) > 0 ? null : NextFilter());

        public List<string> TakeCalls()
        {
            var calls = new List<string>();
            while (_calls.TryDequeue(out var call))
            {
                calls.Add(call);
            }

            return calls;
        }

        /// <summary>Said again in other words than the product's, so that one mistake is not made twice.</summary>
        public HashSet<string> AllowedTo(string account, EndpointFilter? request)
        {
            var filters = new List<EndpointFilter?> { request };
            var segments = account.Split('/');
            for (var depth = 1; depth <= segments.Length; depth++)
            {
                filters.Add(_filters[string.Join('/', segments[..depth])]);
            }

            return [.. _endpoints.Values.Where(e => filters.All(f => f is null || IsIn(f, e))).Select(e => e.Id.Value)];
        }

        private static bool IsIn(EndpointFilter filter, EndpointModel endpoint)
        {
            var named = filter.Endpoints.Length == 0 || filter.Endpoints.Any(n => n == endpoint.Id.Value || n == endpoint.Reliability.Group);
            var placed = filter.Regions.Length == 0 || filter.Regions.Any(r => r == endpoint.Region);
            var tagged = filter.Tags.Except(endpoint.Tags).Any() is false;
            return named && placed && tagged && (filter.Providers.Length == 0 || filter.Providers.Any(p => p == endpoint.Provider));
        }

        private void AddEndpoint(TestModel model, string name) => model.Endpoint(name, Caller(name), e => e with
        {
            Region = Pick(Regions),
            Provider = Pick(Providers),
            Tags = [.. Tags.Where(_ => _random.Next(2) == 0)],
            DrainOnCancel = true,
            Reliability = new ReliabilityModel
            {
                Group = _random.Next(4) == 0 ? "" : $"g{_random.Next(2)}",
                Retries = _random.Next(2),
                RetryShare = 1,
                RetryBackoff = TimeSpan.FromMilliseconds(1),
                HedgeAfter = _random.Next(2) == 0 ? TimeSpan.FromMilliseconds(10) : null,
                HedgeShare = 1,
            },
        });

        // What a call comes to hangs on its number alone, so that hedges, failovers and retries all come about.
        private ScriptedCaller Caller(string name) => new(async (_, _) =>
        {
            _calls.Enqueue(name);
            var draw = (uint)Interlocked.Increment(ref _made) * 2_654_435_761u;
            switch (draw >> 30)
            {
                case 0:
                    return new ModelCallResult { Status = ModelCallStatus.ProviderError, Billing = BillingCertainty.NotBilled, Error = "http-503" };
                case 1:
                    await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, CancellationToken.None);
                    break;
                default:
                    await Task.Yield();
                    break;
            }

            return ScriptedCaller.Answer($"{(draw >> 20) % 3}", 1, 1);
        });

        private void AddRoute(TestModel model, string name, string[] stages)
        {
            var chosen = stages.OrderBy(_ => _random.Next()).Take(_random.Next(3, 6)).ToArray();
            var strategy = _random.Next(3) == 0 ? "fallback-chain" : "threshold-pair";
            model.Route(name, strategy, _random.Next(6) == 0 ? null : new AgreementVerifier(Pick(stages)), chosen);
            _reach[name] = [.. chosen.SelectMany(stage => _reach[stage]).Distinct()];
        }

        private void AddAccounts(TestModel model)
        {
            foreach (var path in new[] { "a", "a/x", "a/y", "a/x/1", "a/y/1", "b", "b/x", "b/x/1", "c" })
            {
                var filter = _random.Next(4) == 0 ? NextFilter() : null;
                _filters[path] = filter;
                model.Account(path, null).Having(path, account => account with { Allow = filter });
            }
        }

        private EndpointFilter NextFilter()
        {
            var filter = new EndpointFilter();
            while (filter.IsEmpty)
            {
                filter = new EndpointFilter
                {
                    Endpoints = Some([.. _endpoints.Keys, "g0", "g1", "nobody"], of: 2),
                    Regions = Some(["eu", "us", "mars"], of: 3),
                    Tags = Some([.. Tags], of: 6),
                    Providers = Some([.. Providers], of: 6),
                };
            }

            return filter;
        }

        private ImmutableArray<string> Some(string[] from, int of) => _random.Next(of) > 0 ? [] : [.. from.Where(_ => _random.Next(2) == 0)];

        private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
    }

    /// <summary>What the requests came to, because requests that are all refused or all free would prove nothing.</summary>
    private sealed class Coverage
    {
        private readonly Dictionary<string, int> _counts = [];

        public void Count(CascadeReply reply, List<string> called, bool someLeftOut, EndpointFilter? allow)
        {
            Add("not allowed", reply.Status == CascadeStatus.NotAllowed);
            Add("answered although some were left out", reply.Status == CascadeStatus.Answered && someLeftOut);
            Add("narrowed by the request", allow is not null && called.Count > 0 && someLeftOut);
            Add("narrowed by the account", allow is null && called.Count > 0 && someLeftOut);
            Add("stage left out", reply.Decisions.Any(d => d.LeftOut.Length > 0) && called.Count > 0);
            Add("hedge", someLeftOut && reply.Attempts.Any(a => a.Repetition == AttemptRepetition.Hedge));
            Add("failover", someLeftOut && reply.Attempts.Any(a => a.Repetition == AttemptRepetition.Failover));
            Add("retry", someLeftOut && reply.Attempts.Any(a => a.Repetition == AttemptRepetition.Retry));
            Add("fallback", someLeftOut && reply.Attempts.Any(a => a.Purpose == AttemptPurpose.Fallback));
            Add("escalation", someLeftOut && reply.Attempts.Any(a => a.Purpose == AttemptPurpose.Escalation));
            Add("judge", reply.Attempts.Any(a => a.Purpose == AttemptPurpose.Verification));
            Add("judge left out", reply.Decisions.SelectMany(d => d.Verdicts).SelectMany(v => v.Evidence).Any(e => e.Contains("not-allowed", StringComparison.Ordinal)));
        }

        public void AssertInteresting()
        {
            string[] cases =
            [
                "not allowed", "answered although some were left out", "narrowed by the request", "narrowed by the account", "stage left out", "hedge",
                "failover", "retry", "fallback", "escalation", "judge", "judge left out",
            ];
            Assert.True(cases.All(each => _counts.GetValueOrDefault(each) >= 3), $"too few of {string.Join(", ", cases.Select(each => $"{each} {_counts.GetValueOrDefault(each)}"))}");
        }

        private void Add(string what, bool happened) => _counts[what] = _counts.GetValueOrDefault(what) + (happened ? 1 : 0);
    }
}
