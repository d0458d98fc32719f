using System.Text;

using Cascade.Storage.Replays;

using Xunit;

namespace Cascade.TestKit.Storage;

/// <summary>What every store of repeated requests must do. A test class derives from it for each implementation.</summary>
public abstract class ReplayStoreConformance
{
    private static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);
    private static int _keys;

    /// <summary>The store under test.</summary>
    protected abstract IReplayStore Store { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A key that no other test uses.</summary>
    protected static ReplayKey NextKey() => new("acme/{team} ü", $"key {Interlocked.Increment(ref _keys)}:/x");

    /// <summary>Lets time pass.</summary>
    /// <param name="span">How much.</param>
    protected abstract Task PassAsync(TimeSpan span);

    [Fact]
    public async Task Claim_FreeKey_IsTheOwners()
    {
        var key = NextKey();

        Assert.Equal(ReplayStatus.Claimed, (await Store.ClaimAsync(key, "me", "f", Hold, Token)).Status);
        Assert.Equal(ReplayStatus.Claimed, (await Store.ClaimAsync(key, "me", "f", Hold, Token)).Status);
        Assert.True(await Store.RenewAsync(key, "me", Hold, Token));
    }

    [Fact]
    public async Task Claim_KeyOfAnother_IsRunningWithItsFingerprint()
    {
        var key = NextKey();
        await Store.ClaimAsync(key, "me", "asked", Hold, Token);

        var claim = await Store.ClaimAsync(key, "you", "other", Hold, Token);

        Assert.Equal((ReplayStatus.Running, "asked"), (claim.Status, claim.Fingerprint));
        Assert.False(await Store.RenewAsync(key, "you", Hold, Token));
        Assert.False(await Store.CompleteAsync(key, "you", "other", Bytes("no"), Hold, Token));
        await Store.ReleaseAsync(key, "you", Token);
        Assert.Equal(ReplayStatus.Running, (await Store.ClaimAsync(key, "you", "other", Hold, Token)).Status);
    }

    [Fact]
    public async Task Claim_SameKeyInAnotherAccount_IsFree()
    {
        var key = NextKey();
        await Store.ClaimAsync(key, "me", "f", Hold, Token);

        Assert.Equal(ReplayStatus.Claimed, (await Store.ClaimAsync(key with { Account = "other" }, "you", "f", Hold, Token)).Status);
    }

    [Fact]
    public async Task Complete_ThenClaim_GivesTheOutcomeByteForByte()
    {
        var key = NextKey();
        var outcome = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        await Store.ClaimAsync(key, "me", "f", Hold, Token);

        Assert.True(await Store.CompleteAsync(key, "me", "f", outcome, Hold, Token));

        var claim = await Store.ClaimAsync(key, "you", "f", Hold, Token);
        Assert.Equal((ReplayStatus.Finished, "f"), (claim.Status, claim.Fingerprint));
        Assert.Equal(outcome, claim.Outcome.ToArray());
        Assert.Equal(ReplayStatus.Finished, (await Store.ClaimAsync(key, "me", "f", Hold, Token)).Status);
    }

    [Fact]
    public async Task Complete_FinishedByAnother_KeepsTheFirstOutcome()
    {
        var key = NextKey();
        await Store.ClaimAsync(key, "me", "f", Hold, Token);
        await Store.CompleteAsync(key, "me", "f", Bytes("first"), Hold, Token);

        Assert.False(await Store.CompleteAsync(key, "late", "f", Bytes("second"), Hold, Token));

        Assert.Equal(Bytes("first").ToArray(), (await Store.ClaimAsync(key, "you", "f", Hold, Token)).Outcome.ToArray());
    }

    [Fact]
    public async Task Release_OwnKey_IsFreeAgain()
    {
        var key = NextKey();
        await Store.ClaimAsync(key, "me", "f", Hold, Token);

        await Store.ReleaseAsync(key, "me", Token);

        Assert.Equal(ReplayStatus.Claimed, (await Store.ClaimAsync(key, "you", "g", Hold, Token)).Status);
    }

    [Fact]
    public async Task Claim_NotRenewed_ComesFreeAndItsOwnerLosesIt()
    {
        var key = NextKey();
        await Store.ClaimAsync(key, "dead", "f", TimeSpan.FromMilliseconds(300), Token);

        await PassAsync(TimeSpan.FromMilliseconds(600));

        Assert.Equal(ReplayStatus.Claimed, (await Store.ClaimAsync(key, "you", "f", Hold, Token)).Status);
        Assert.False(await Store.RenewAsync(key, "dead", Hold, Token));
        Assert.False(await Store.CompleteAsync(key, "dead", "f", Bytes("late"), Hold, Token));
    }

    [Fact]
    public async Task Complete_ClaimRanOutButNobodyTookIt_IsKept()
    {
        var key = NextKey();
        await Store.ClaimAsync(key, "slow", "f", TimeSpan.FromMilliseconds(300), Token);
        await PassAsync(TimeSpan.FromMilliseconds(600));

        Assert.True(await Store.CompleteAsync(key, "slow", "f", Bytes("done"), Hold, Token));

        Assert.Equal(ReplayStatus.Finished, (await Store.ClaimAsync(key, "you", "f", Hold, Token)).Status);
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_LetsExactlyOneRun()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = NextKey();
            var claims = await Task.WhenAll(
                Enumerable.Range(0, 32).Select(i => Task.Run(() => Store.ClaimAsync(key, $"owner-{i}", "f", Hold, Token), Token)));

            Assert.Single(claims, claim => claim.Status == ReplayStatus.Claimed);
            Assert.Equal(31, claims.Count(claim => claim.Status == ReplayStatus.Running));
        }
    }

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
