using System.Collections.Concurrent;
using Cascade.Contracts;
using Cascade.Grains.Endpoints;
using Cascade.Grains.Hosting;
using Cascade.TestKit.Grains;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Grains;

/// <summary>Two silos share an endpoint while their requests are under way, held up and lost.</summary>
public sealed class EndpointGatePropertyTests
{
    private static readonly Gen<(int Capacity, (int Kind, int Who)[] Moves)> History =
        Gen.Select(Gen.Int[1, 8], Gen.Select(Gen.Int[0, 99], Gen.Int[0, 1]).Array[5, 120]);

    [Fact]
    public void TwoGates_AnyOrderOfEvents_NeverHaveMoreInFlightThanTheCapacity() =>
        History.Sample(history => new Run(history.Capacity).Play(history.Moves), iter: 1_000, threads: 2);

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var seen = new HashSet<string>();
        History.Sample(
            history =>
            {
                var run = new Run(history.Capacity);
                run.Play(history.Moves);
                seen.UnionWith(run.Seen);
            },
            iter: 2_000,
            threads: 1);
        string[] wanted =
        [
            "entered at once", "waited", "entered while a request was under way", "left", "full", "both in flight", "lost request",
            "lost reply", "granted less than it may fill", "nothing granted", "slice given back",
        ];
        Assert.Empty(wanted.Except(seen));
    }

    private sealed class Run
    {
        private readonly int _capacity;
        private readonly EndpointGate[] _gates;
        private readonly int[] _flying = new int[2];
        private readonly ConcurrentQueue<Permit>[] _in = [new(), new()];
        private readonly (int Granted, int Wanted)[] _slices = new (int, int)[2];
        private readonly Request?[] _requests = new Request?[2];

        public Run(int capacity)
        {
            _capacity = capacity;
            var time = new FakeTimeProvider();
            var endpoint = new TestModel().Endpoint("m", ScriptedCaller.Answering("42")).Build().Endpoints["m"];
            _gates = [.. Enumerable.Range(0, 2).Select(who => new EndpointGate(
                endpoint,
                $"127.0.0.1:{who + 1}@1/0",
                (request, _) =>
                {
                    _requests[who] = new Request(request.WantedInFlight, request.InFlight);
                    return _requests[who]!.Reply.Task;
                },
                time,
                new CascadeOptions(),
                change =>
                {
                    _flying[who] += change;
                    Check();
                }))];
        }

        public HashSet<string> Seen { get; } = [];

        public void Play((int Kind, int Who)[] moves)
        {
            foreach (var (kind, who) in moves)
            {
                Step(kind, who);
            }
        }

        private void Step(int kind, int who)
        {
            switch (kind)
            {
                case < 40:
                    Enter(who);
                    break;
                case < 60 when _flying[who] > 0:
                    Leave(who);
                    break;
                case < 70:
                    _ = _gates[who].TendAsync(CancellationToken.None).ContinueWith(_ => { }, TaskScheduler.Default);
                    break;
                default:
                    Deliver(kind, who);
                    break;
            }
        }

        private void Leave(int who)
        {
            // Whoever is in may learn of it a moment later than the gauge.
            var permit = default(Permit);
            Assert.True(SpinWait.SpinUntil(() => _in[who].TryDequeue(out permit), TimeSpan.FromSeconds(10)));
            permit.ReturnUnused();
            Seen.Add("left");
        }

        private async Task EnterAsync(int who)
        {
            var ask = new PermitAsk(new AccountId("acme"), "acme", 1, 10, RequestPriority.Interactive);
            _in[who].Enqueue((await _gates[who].EnterAsync(ask, CancellationToken.None)).Permit);
        }

        private void Enter(int who)
        {
            var before = _flying[who];
            var asking = _requests[who] is not null;
            _ = EnterAsync(who);
            var entered = _flying[who] > before;
            AddIf("entered at once", entered);
            AddIf("entered while a request was under way", entered && asking);
            AddIf("waited", !entered);
        }

        private void Deliver(int kind, int who)
        {
            if (_requests[who] is not { } request)
            {
                return;
            }

            if (request.Answer is null && kind < 73)
            {
                Fail(who, "lost request");
            }
            else if (request.Answer is not { } granted)
            {
                request.Answer = Decide(who, request);
            }
            else if (kind < 73)
            {
                Fail(who, "lost reply");
            }
            else
            {
                _requests[who] = null;
                AddIf("granted less than it may fill", granted < request.Limit);
                AddIf("nothing granted", granted == 0 && request.Wanted > 0);
                AddIf("slice given back", request.Wanted == 0);
                request.Reply.SetResult(new CapacityReply { GrantedInFlight = granted, Lifetime = TimeSpan.FromMinutes(1) });
            }
        }

        private void Fail(int who, string how)
        {
            Seen.Add(how);
            var lost = _requests[who]!;
            _requests[who] = null;
            lost.Reply.SetException(new TimeoutException());
        }

        /// <summary>What the endpoint's grain decides and keeps.</summary>
        private int Decide(int who, Request request)
        {
            var other = _slices[1 - who];
            var share = CapacityPlan.Share(_capacity, [request.Wanted, other.Wanted])[0];
            var granted = CapacityPlan.Grant(_capacity, share, other.Granted);
            _slices[who] = (Math.Max(granted, request.Limit), request.Wanted);
            return granted;
        }

        private void Check()
        {
            var total = _flying.Sum();
            AddIf("full", total == _capacity);
            AddIf("both in flight", _flying.All(f => f > 0));
            Assert.True(total <= _capacity, $"{_flying[0]} and {_flying[1]} are in flight, {_capacity} may be");
        }

        private void AddIf(string what, bool happened)
        {
            if (happened)
            {
                Seen.Add(what);
            }
        }

        private sealed record Request(int Wanted, int Limit)
        {
            public TaskCompletionSource<CapacityReply> Reply { get; } = new();

            /// <summary>What the grain decided; null until the request arrived there.</summary>
            public int? Answer { get; set; }
        }
    }
}
