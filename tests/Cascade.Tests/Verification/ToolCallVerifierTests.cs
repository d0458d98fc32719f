using Cascade.Verification;
using Xunit;

namespace Cascade.Tests.Verification;

public sealed class ToolCallVerifierTests
{
    private const string Schema = """
        {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":1}},"required":["city"],"additionalProperties":false}
        """;

    private static readonly ToolDemand Demand = new() { Offered = [new DraftTool("weather", Schema), new DraftTool("now", null)] };

    public static TheoryData<string, string, double, string?> Calls => new()
    {
        { "weather", """{"city":"Rome"}""", 1, null },
        { "weather", """{"city":"Rome","days":2}""", 1, null },
        { "now", "{}", 1, null },
        { "now", "", 1, null },
        { "now", """{"extra":1}""", 1, null },
        { "wether", """{"city":"Rome"}""", 0, EvidenceCodes.ToolUnknown },
        { "weather", """{"city":"Rome" """, 0, EvidenceCodes.ToolArgumentsNotJson },
        { "weather", "", 0, EvidenceCodes.ToolArgumentsNotJson },
        { "weather", "[]", 0, EvidenceCodes.ToolArgumentsNotJson },
        { "now", "null", 0, EvidenceCodes.ToolArgumentsNotJson },
        { "weather", """{"days":2}""", 0, EvidenceCodes.ToolArgumentsMismatch },
        { "weather", """{"city":"Rome","days":0}""", 0, EvidenceCodes.ToolArgumentsMismatch },
        { "weather", """{"city":"Rome","sky":"blue"}""", 0, EvidenceCodes.ToolArgumentsMismatch },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Verify_OneCall_IsHeldToTheToolsSchema(string name, string arguments, double score, string? evidence)
    {
        var verdict = await VerifyAsync(Calling(new DraftToolCall(name, arguments)));

        Assert.Equal(score, verdict.Score);
        Assert.Equal(evidence is null ? [] : [evidence], verdict.Evidence);
    }

    [Fact]
    public async Task Verify_OneBadCallAmongGoodOnes_IsZero()
    {
        var verdict = await VerifyAsync(Calling(new DraftToolCall("now", "{}"), new DraftToolCall("weather", "{}")));

        Assert.Equal(0, verdict.Score);
    }

    [Fact]
    public async Task Verify_SeveralCallsWhereOneWasAllowed_IsZero()
    {
        var draft = Calling(new DraftToolCall("now", "{}"), new DraftToolCall("now", "{}")) with { ToolDemand = Demand with { Several = false } };

        Assert.Equal([EvidenceCodes.ToolCallsTooMany], (await VerifyAsync(draft)).Evidence);
    }

    [Fact]
    public async Task Verify_AnotherToolThanDemanded_IsZero()
    {
        var draft = Calling(new DraftToolCall("now", "{}")) with { ToolDemand = Demand with { Required = true, Name = "weather" } };

        Assert.Equal([EvidenceCodes.ToolNotDemanded], (await VerifyAsync(draft)).Evidence);
    }

    [Fact]
    public async Task Verify_TextWhereACallWasDemanded_IsZero()
    {
        var draft = Drafts.Of("It is sunny.") with { ToolDemand = Demand with { Required = true } };

        var verdict = await VerifyAsync(draft);

        Assert.Equal(0, verdict.Score);
        Assert.Equal([EvidenceCodes.ToolCallMissing], verdict.Evidence);
    }

    [Fact]
    public async Task Verify_TextWhereACallWasOffered_HasNoOpinion() =>
        Assert.False((await VerifyAsync(Drafts.Of("It is sunny.") with { ToolDemand = Demand })).HasOpinion);

    [Fact]
    public async Task Verify_SchemaThatCannotBeUsed_HasNoOpinion()
    {
        var draft = Calling(new DraftToolCall("f", "{}")) with { ToolDemand = new ToolDemand { Offered = [new DraftTool("f", """{"type":"thing"}""")] } };

        var verdict = await VerifyAsync(draft);

        Assert.False(verdict.HasOpinion);
        Assert.Equal([EvidenceCodes.SchemaInvalid], verdict.Evidence);
    }

    [Theory]
    [InlineData("arithmetic")]
    [InlineData("agreement")]
    [InlineData("json-schema")]
    [InlineData("completeness")]
    [InlineData("token-logprob")]
    public async Task Verify_ToolCallBeforeAJudgeOfText_HasNoOpinionAndAsksNobody(string kind)
    {
        var second = new FakeSecondOpinion(new Opinion(Available: true, "42", 5, ""));
        var verifier = VerifierFactory.Create(new VerifierConfig { Kind = kind, Endpoint = kind == "agreement" ? "x" : null });
        var draft = Calling(new DraftToolCall("now", "{}")) with
        {
            Answer = "2 + 2 = 5, so #### 5",
            SchemaJson = """{"type":"object"}""",
            TokenLogProbabilities = [-0.1],
            SecondOpinion = second,
        };

        var verdict = await verifier.VerifyAsync(draft, TestContext.Current.CancellationToken);

        Assert.False(verdict.HasOpinion);
        Assert.Empty(second.Asked);
    }

    [Fact]
    public async Task Verify_ToolCallThatWasCutOff_IsFoundByCompleteness()
    {
        var draft = Calling(new DraftToolCall("now", "{")) with { FinishReason = "length" };

        var verdict = await new CompletenessVerifier().VerifyAsync(draft, TestContext.Current.CancellationToken);

        Assert.Equal((0.0, EvidenceCodes.CutOff), (verdict.Score, Assert.Single(verdict.Evidence)));
    }

    [Fact]
    public async Task Verify_RefusalInTheProtocolsField_IsFoundByCompleteness()
    {
        var verdict = await new CompletenessVerifier().VerifyAsync(Drafts.Of("") with { Refused = true }, TestContext.Current.CancellationToken);

        Assert.Equal((0.0, EvidenceCodes.Refusal), (verdict.Score, Assert.Single(verdict.Evidence)));
    }

    private static Draft Calling(params ReadOnlySpan<DraftToolCall> calls) =>
        Drafts.Of("") with { ToolCalls = [.. calls], ToolDemand = Demand, FinishReason = "tool_calls" };

    private static ValueTask<Verdict> VerifyAsync(Draft draft) => new ToolCallVerifier().VerifyAsync(draft, TestContext.Current.CancellationToken);
}
