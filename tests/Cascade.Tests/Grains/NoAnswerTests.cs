using Cascade.Contracts;
using Cascade.Grains.Budgets;
using Cascade.Grains.Routing;
using Cascade.Planning.Decisions;
using Cascade.Providers.Calling;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class NoAnswerTests
{
    private static readonly Attempt CapReached = Made(AttemptOutcome.Unaffordable, ReserveOutcome.CapReached);
    private static readonly Attempt Unavailable = Made(AttemptOutcome.Unaffordable, ReserveOutcome.Unavailable);
    private static readonly Attempt Unpriced = Made(AttemptOutcome.Unaffordable, ReserveOutcome.None);
    private static readonly Attempt Unknown = Made(AttemptOutcome.Unaffordable, ReserveOutcome.UnknownAccount);
    private static readonly Attempt NoCapacity = Made(AttemptOutcome.NoCapacity, ReserveOutcome.None);
    private static readonly Attempt Failed = Made(AttemptOutcome.Failed, ReserveOutcome.Reserved, ModelCallStatus.ProviderError);
    private static readonly Attempt Rejected = Made(AttemptOutcome.Failed, ReserveOutcome.Reserved, ModelCallStatus.RejectedRequest);

    private static readonly Attempt Refused = Made(AttemptOutcome.Failed, ReserveOutcome.Reserved, ModelCallStatus.Unauthorized);

    public static TheoryData<string, CascadeStatus> Table => new()
    {
        { "", CascadeStatus.ProviderFailed },
        { "unknown", CascadeStatus.UnknownAccount },
        { "failed unknown", CascadeStatus.UnknownAccount },
        { "cap", CascadeStatus.InsufficientQuota },
        { "cap cap", CascadeStatus.InsufficientQuota },
        { "cap unavailable", CascadeStatus.BudgetUnavailable },
        { "unavailable cap", CascadeStatus.BudgetUnavailable },
        { "cap unpriced", CascadeStatus.InsufficientQuota },
        { "unavailable", CascadeStatus.BudgetUnavailable },
        { "unavailable failed", CascadeStatus.BudgetUnavailable },
        { "unavailable cap failed", CascadeStatus.BudgetUnavailable },
        { "unavailable busy", CascadeStatus.BudgetUnavailable },
        { "busy", CascadeStatus.Overloaded },
        { "failed busy", CascadeStatus.Overloaded },
        { "busy cap", CascadeStatus.Overloaded },
        { "failed cap", CascadeStatus.InsufficientQuota },
        { "cap failed", CascadeStatus.InsufficientQuota },
        { "failed", CascadeStatus.ProviderFailed },
        { "rejected failed", CascadeStatus.ProviderFailed },
        { "rejected", CascadeStatus.InvalidRequest },
        { "failed rejected", CascadeStatus.InvalidRequest },
        { "own-key", CascadeStatus.OwnKeyRejected },
        { "own-key own-key", CascadeStatus.OwnKeyRejected },
        { "own-key failed", CascadeStatus.ProviderFailed },
        { "own-key cap", CascadeStatus.InsufficientQuota },
        { "refused", CascadeStatus.ProviderFailed },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Explain_Attempts_GiveTheStatusThatHelpsTheCallerMost(string attempts, CascadeStatus expected)
    {
        var made = attempts.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Named).ToList();

        var (status, problem) = NoAnswer.Explain(made, knownAccount: true, DecisionReason.Exhausted);

        Assert.Equal(expected, status);
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Explain_AccountIsNotConfigured_SaysWhereToAddIt()
    {
        var (status, problem) = NoAnswer.Explain([Failed], knownAccount: false, DecisionReason.Exhausted);

        Assert.Equal(CascadeStatus.UnknownAccount, status);
        Assert.Contains("Cascade:Accounts", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_ProvidersFailed_NamesTheLastAndItsError()
    {
        var (_, problem) = NoAnswer.Explain([Failed, Failed], knownAccount: true, DecisionReason.Exhausted);

        Assert.Contains("'m' (scripted)", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_ScoreTooLow_IsAnAbstentionWhateverFailedBefore()
    {
        Assert.Equal(CascadeStatus.Abstained, NoAnswer.Explain([CapReached, Failed], knownAccount: true, DecisionReason.ScoreTooLow).Status);
        Assert.Equal(CascadeStatus.UnknownAccount, NoAnswer.Explain([Failed], knownAccount: false, DecisionReason.ScoreTooLow).Status);
    }

    private static Attempt Named(string name) => name switch
    {
        "unknown" => Unknown,
        "cap" => CapReached,
        "unavailable" => Unavailable,
        "unpriced" => Unpriced,
        "busy" => NoCapacity,
        "failed" => Failed,
        "rejected" => Rejected,
        "refused" => Refused,
        "own-key" => Refused with { Record = Refused.Record with { OwnKey = true } },
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such attempt"),
    };

    private static Attempt Made(AttemptOutcome outcome, ReserveOutcome reserve, ModelCallStatus call = ModelCallStatus.None) => new(
        new AttemptRecord
        {
            AttemptId = "a",
            Endpoint = new EndpointId("m"),
            Purpose = AttemptPurpose.Draft,
            Outcome = outcome,
            Error = "scripted",
        },
        "",
        "",
        call,
        reserve,
        null);
}
