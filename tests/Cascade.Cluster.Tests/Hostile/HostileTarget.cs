using Cascade.Contracts;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.Time.Testing;

namespace Cascade.Cluster.Tests.Hostile;

/// <summary>How an answer is asked for, and how a broken one is charged.</summary>
internal enum HostileMode
{
    /// <summary>In one piece.</summary>
    Buffered,

    /// <summary>As a stream; a broken one is held as an interval, and the provider bills all of it.</summary>
    Streamed,

    /// <summary>As a stream; a broken one is counted, and the provider bills what it has sent.</summary>
    Counted,
}

/// <summary>One case in one mode: an endpoint of its own, paid by an account of its own, on a clock of its own.</summary>
internal sealed class HostileTarget : IDisposable
{
    private readonly ModelCallerFactory _callers;
    private readonly TaskCompletionSource _words = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostileTarget(HostileCase hostile, HostileMode mode, int index)
    {
        (Case, Mode) = (hostile, mode);
        Name = $"{hostile.Name}/{mode}";
        Account = $"{HostileFixture.Parent}/{index}";
        Expected = mode switch
        {
            HostileMode.Buffered => hostile.Buffered,
            HostileMode.Streamed => hostile.Streamed,
            _ => hostile.Streamed.Counted,
        };
        Fault = hostile.Fault(new HostileContext(Clock, _words.Task));
        _callers = new ModelCallerFactory(Clock);
    }

    public HostileCase Case { get; }

    public HostileMode Mode { get; }

    /// <summary>The name of the endpoint and of its model.</summary>
    public string Name { get; }

    public string Account { get; }

    public Expected Expected { get; }

    public StubFault Fault { get; }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    /// <summary>Ends when the caller has got the first words.</summary>
    public Task Words => _words.Task;

    public static EndpointConfig Config(string model, HostileMode mode, string baseUrl)
    {
        var config = new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = model, BaseUrl = baseUrl, TimeoutSeconds = HostileCases.Total };
        config.Stream.FirstChunkTimeoutSeconds = HostileCases.FirstPart;
        config.Stream.IdleTimeoutSeconds = HostileCases.BetweenParts;
        config.Stream.BrokenCharge = mode == HostileMode.Counted ? "counted" : "unconfirmed";
        return config;
    }

    public IModelCaller CreateCaller(EndpointConfig config) => _callers.Create(Name, config);

    public void SawWords() => _words.TrySetResult();

    public override string ToString() => Name;

    public void Dispose() => _callers.Dispose();
}

/// <summary>What came of a case.</summary>
internal sealed record HostileResult
{
    public required HostileTarget Target { get; init; }

    public required CascadeReply Reply { get; init; }

    /// <summary>What the caller was given.</summary>
    public required string Text { get; init; }

    /// <summary>Whether the call ended before its time was up.</summary>
    public bool EndedEarly { get; init; }

    /// <summary>From when the call had to end until the caller knew.</summary>
    public TimeSpan Late { get; init; }

    public AttemptRecord Attempt => Reply.Attempts[^1];
}
