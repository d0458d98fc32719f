using Cascade.Storage.Ledger;
using Cascade.TestKit.Storage;

using Xunit;

namespace Cascade.Tests.Storage;

public sealed class InMemoryLedgerLogTests : LedgerLogConformance
{
    private readonly InMemoryLedgerLog _log = new();

    protected override ILedgerLog Log => _log;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LoseNextReply_AppendAgain_IsInTheLogOnce()
    {
        var account = NextAccount();
        _log.LoseNextReply();
        await Assert.ThrowsAsync<LedgerLogUnavailableException>(() => _log.AppendAsync(account, 1, ["a"], Token));

        Assert.Equal(LogAppendStatus.Appended, await _log.AppendAsync(account, 1, ["a", "b"], Token));

        Assert.Equal(2, await _log.CountAsync(account, Token));
    }

    [Fact]
    public async Task FailNext_Append_ChangesNothing()
    {
        var account = NextAccount();
        _log.FailNext();

        await Assert.ThrowsAsync<LedgerLogUnavailableException>(() => _log.AppendAsync(account, 1, ["a"], Token));

        Assert.Equal(0, await _log.CountAsync(account, Token));
    }
}
