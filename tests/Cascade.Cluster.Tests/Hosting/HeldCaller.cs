using Cascade.TestKit.Grains;

namespace Cascade.Cluster.Tests.Hosting;

/// <summary>A provider whose first call lasts until the test lets it end.</summary>
internal sealed class HeldCaller
{
    private readonly TaskCompletionSource _called = new();
    private readonly TaskCompletionSource _release = new();

    public HeldCaller(long outputTokens = 10) => Caller = new ScriptedCaller(async (_, ct) =>
    {
        if (_called.TrySetResult())
        {
            await _release.Task.WaitAsync(ct);
        }

        return ScriptedCaller.Answer("42", 1, outputTokens);
    });

    public ScriptedCaller Caller { get; }

    /// <summary>The first call is under way.</summary>
    public Task Called => _called.Task;

    public void Release() => _release.TrySetResult();
}
