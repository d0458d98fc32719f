using Cascade.Contracts;

namespace Cascade.Tests.Gateway;

internal static class Replies
{
    public const string TraceId = "0123456789abcdef0123456789abcdef";

    public static readonly DateTimeOffset ResetsAt = new(2031, 5, 6, 0, 0, 0, TimeSpan.Zero);

    public static CascadeReply Answer(string text = "42") => new()
    {
        Status = CascadeStatus.Answered,
        Text = text,
        FinishReason = "stop",
        Endpoint = new EndpointId("openai/gpt-4o-mini@eastus"),
        Usage = new TokenUsage { InputTokens = 11, OutputTokens = 7 },
        CostNanos = 127_500,
        Attempts = [Attempt("a-1"), Attempt("a-2")],
        Escalated = true,
        TraceId = TraceId,
    };

    public static CascadeReply Refusal(CascadeStatus status, string problem = "") => new() { Status = status, Problem = problem, TraceId = TraceId };

    public static CascadeReply NoMoney(long needed, long cap, DateTimeOffset? resetsAt) => new()
    {
        Status = CascadeStatus.InsufficientQuota,
        Problem = "no money",
        TraceId = TraceId,
        Refusal = new BudgetRefusal
        {
            Account = new AccountId("acme/search"),
            Window = "day",
            CapNanos = cap,
            RemainingNanos = 12_345,
            NeededNanos = needed,
            ResetsAt = resetsAt,
        },
    };

    public static AccountSnapshot Snapshot(AccountId account) => new()
    {
        Account = account,
        Status = BudgetStatus.Ok,
        SettledNanos = 1_500_000_001,
        LeasedNanos = 20,
        OpenLeases = 2,
        Requests = 9,
        ShadowPrice = 3.5,
        Windows =
        [
            new WindowSnapshot
            {
                Window = "day",
                Hard = true,
                CapNanos = 2_000_000_000,
                SettledNanos = 1_500_000_001,
                RemainingNanos = 499_999_999,
                ResetsAt = ResetsAt,
            },
        ],
    };

    private static AttemptRecord Attempt(string id) => new()
    {
        AttemptId = id,
        Endpoint = new EndpointId("openai/gpt-4o-mini@eastus"),
        Purpose = AttemptPurpose.Draft,
        Outcome = AttemptOutcome.Answered,
        Booking = Booking.Settled,
    };
}
