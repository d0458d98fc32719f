using System.Collections.Concurrent;
using Cascade.TestKit.Providers;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>Holds calls at the provider until they are released or their caller goes away: in turn before and after they are billed.</summary>
internal sealed class CallGate
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, StubRequest> _held = new();
    private TaskCompletionSource _allHeld = NewSignal();
    private TaskCompletionSource _release = NewSignal();
    private string? _prompt;
    private int _left;

    /// <summary>Every call that was ever held, by its attempt.</summary>
    public IReadOnlyDictionary<string, StubRequest> Held => _held;

    /// <summary>Holds the next calls.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="prompt">Only calls that ask this; null for any.</param>
    /// <returns>Completes when all of them have come.</returns>
    public Task HoldAsync(int calls, string? prompt = null)
    {
        lock (_lock)
        {
            _prompt = prompt;
            _left = calls;
            _release = NewSignal();
            _allHeld = NewSignal();
            return _allHeld.Task;
        }
    }

    /// <summary>Lets the calls go on that were held last.</summary>
    public void Release() => _release.SetResult();

    public StubFault? Decide(StubRequest request)
    {
        lock (_lock)
        {
            if (_left == 0 || (_prompt is not null && request.Messages[^1].Text != _prompt))
                return null;
            _held[request.AttemptId] = request;
            if (--_left == 0)
                _allHeld.SetResult();
            return _left % 2 == 0 ? new StubFault.WaitBeforeBilling(_release.Task) : new StubFault.WaitAfterBilling(_release.Task);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
