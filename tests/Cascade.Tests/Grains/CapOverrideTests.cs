using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.TestKit.Grains;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class CapOverrideTests : IDisposable
{
    private readonly AgentFixture _fixture = new(new TestModel().Account("acme", 100).Build());
    private int _operation;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Override_RaisedCap_PaysWhatWasRefused()
    {
        Assert.Equal(ReserveOutcome.CapReached, (await _fixture.ReserveAsync("acme", "a", 150)).Outcome);

        var reply = await AskAsync(Raise(100));

        Assert.Equal((BudgetStatus.Ok, 200L), (reply.Status, reply.LimitNanos));
        Assert.Equal(ReserveOutcome.Reserved, (await _fixture.ReserveAsync("acme", "b", 150)).Outcome);
        var shown = Assert.Single(Assert.Single((await _fixture.Desk("acme").GetSnapshotAsync(false, Ct)).Windows).Overrides);
        Assert.Equal(("launch", 100L, "ada", "launch day"), (shown.OverrideId, shown.ChangeNanos, shown.Author, shown.Reason));
    }

    [Fact]
    public async Task Override_ItsTimeIsOver_TheCapIsAsBefore()
    {
        await AskAsync(Raise(100));

        _fixture.Time.Advance(TimeSpan.FromHours(2));

        Assert.Equal(ReserveOutcome.CapReached, (await _fixture.ReserveAsync("acme", "a", 150)).Outcome);
    }

    [Fact]
    public async Task Override_EndedBeforeItsTime_TheCapIsAsBefore()
    {
        await AskAsync(Raise(100));

        var reply = await AskAsync(Raise(0) with { End = true });

        Assert.Equal((BudgetStatus.Ok, 100L), (reply.Status, reply.LimitNanos));
        Assert.Equal(ReserveOutcome.CapReached, (await _fixture.ReserveAsync("acme", "a", 150)).Outcome);
    }

    [Fact]
    public async Task Override_EndedWithAReasonThatFitsNoLineOfTheLedger_IsRefused()
    {
        await AskAsync(Raise(100));

        var reply = await AskAsync(Raise(0) with { End = true, Reason = new string('x', 501) });
        var ended = await AskAsync(Raise(0) with { End = true, Reason = "" });

        Assert.Equal((BudgetStatus.InvalidCommand, "Reason has 501 characters; say it in at most 500, or not at all"), (reply.Status, reply.Problem));
        Assert.Equal(BudgetStatus.Ok, ended.Status);
    }

    [Fact]
    public async Task Override_NoSuchCap_IsRefusedWithThoseThereAre()
    {
        var reply = await AskAsync(Raise(100) with { Window = "week" });

        Assert.Equal(BudgetStatus.InvalidCommand, reply.Status);
        Assert.Contains("has no such cap; its caps are: Hard Total", reply.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Override_EndOfAnUnknownOne_IsRefused()
    {
        var reply = await AskAsync(Raise(0) with { End = true, OverrideId = "nothing" });

        Assert.Equal(BudgetStatus.InvalidCommand, reply.Status);
        Assert.Contains("'nothing' is not set", reply.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Override_UnknownAccount_IsToldApart() =>
        Assert.Equal(BudgetStatus.UnknownAccount, (await _fixture.Desk("nobody").OverrideAsync(Raise(1), Ct)).Status);

    public void Dispose() => _fixture.Dispose();

    private Task<CapOverrideReply> AskAsync(CapOverrideRequest request) => _fixture.Desk("acme").OverrideAsync(request, Ct);

    private CapOverrideRequest Raise(long nanos) => new()
    {
        Operation = new OperationId($"op-{++_operation}"),
        OverrideId = "launch",
        Window = "total",
        ChangeNanos = nanos,
        ExpiresAt = _fixture.Time.GetUtcNow().AddHours(1),
        Author = "ada",
        Reason = "launch day",
    };
}
