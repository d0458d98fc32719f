using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Cascade.Tests.Providers;
using Xunit;

namespace Cascade.Tests.Issues;

/// <summary>How peers misread what a provider bills. The trait is the number in the list of their issues.</summary>
public sealed class UsageTests
{
    [Fact]
    [Trait("Peer", "36")]
    public async Task Usage_ExplicitZeroOfAnEmptyAnswer_IsNotReplacedByAnEstimate()
    {
        await using var fixture = await CallerFixture.StartAsync(LambdaChatClient.Says(""));

        var result = await fixture.CallAsync(new StubFault.BillTokens(0, 0));

        Assert.Equal((BillingCertainty.Reported, 0L, 0L), (result.Billing, result.InputTokens, result.OutputTokens));
    }

    [Fact]
    [Trait("Peer", "37")]
    public async Task Usage_NotReported_IsNotZero()
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.CallAsync(new StubFault.MissingUsage());

        Assert.Equal(BillingCertainty.Estimated, result.Billing);
        Assert.True(result is { InputTokens: > 0, OutputTokens: 100 }, $"{result.InputTokens} in, {result.OutputTokens} out");
    }

    [Fact]
    [Trait("Peer", "45")]
    public async Task Usage_AnswerCountLacksWhatTheTotalHas_IsSettledByTheTotal()
    {
        await using var fixture = await CallerFixture.StartAsync();

        var result = await fixture.CallAsync(new StubFault.WrongBody("""
            {"id":"x","object":"chat.completion","created":1,"model":"m",
             "choices":[{"index":0,"message":{"role":"assistant","content":"42"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":10,"completion_tokens":2,"total_tokens":62}}
            """));

        Assert.Equal((10L, 52L), (result.InputTokens, result.OutputTokens));
    }

    [Fact]
    [Trait("Peer", "42")]
    public async Task Usage_StreamBreaksAfterManyWords_IsChargedForAllOfThemAndNotForOne()
    {
        var answer = string.Concat(Enumerable.Repeat("word ", 806));
        await using var fixture = await StreamFixture.StartAsync(answer: answer);
        ModelCallResult result;
        RecordingSink sink;
        var tries = 0;
        do
        {
            // A connection that is reset takes with it what its reader had not read yet, which is sometimes everything.
            sink = new RecordingSink();
            result = await fixture.StreamAsync(new StubFault.CutStream(60_000), sink, config => config.Stream.BrokenCharge = BrokenCharges.Counted);
        }
        while (sink.Parts.Count <= 100 && ++tries < 20);

        Assert.Equal((ModelCallStatus.ConnectionLost, BillingCertainty.Estimated), (result.Status, result.Billing));
        Assert.True(sink.Parts.Count > 100, $"{sink.Parts.Count} parts");
        Assert.True(result.OutputTokens >= Math.Min(100, sink.Parts.Count), $"{result.OutputTokens} tokens for {sink.Parts.Count} parts");
    }

    [Theory]
    [InlineData(StubUsage.Repeated)]
    [InlineData(StubUsage.Cumulative)]
    [Trait("Peer", "46")]
    public async Task Usage_SaidWithSeveralChunks_IsCountedOnce(StubUsage kind)
    {
        await using var fixture = await StreamFixture.StartAsync();

        var result = await fixture.StreamAsync(new StubFault.StreamedUsage(kind), new RecordingSink());

        Assert.Equal((StreamFixture.InputTokens, StreamFixture.OutputTokens), (result.InputTokens, result.OutputTokens));
    }
}
