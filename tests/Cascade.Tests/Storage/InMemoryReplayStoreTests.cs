using Cascade.Storage.Replays;
using Cascade.TestKit.Storage;

using Microsoft.Extensions.Time.Testing;

namespace Cascade.Tests.Storage;

public sealed class InMemoryReplayStoreTests : ReplayStoreConformance
{
    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryReplayStore _store;

    public InMemoryReplayStoreTests() => _store = new InMemoryReplayStore(_time);

    protected override IReplayStore Store => _store;

    protected override Task PassAsync(TimeSpan span)
    {
        _time.Advance(span);
        return Task.CompletedTask;
    }
}
