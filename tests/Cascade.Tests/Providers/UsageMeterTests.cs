using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>What is billed for an answer, whatever its provider counts and however.</summary>
public sealed class UsageMeterTests
{
    private const int Limit = 100;

    [Fact]
    public void Measure_CacheAndReasoning_ArePartsOfTheirWholes()
    {
        var usage = new UsageDetails { InputTokenCount = 50, CachedInputTokenCount = 20, OutputTokenCount = 30, ReasoningTokenCount = 25, TotalTokenCount = 80 };

        Assert.Equal(
            new Metered(BillingCertainty.Reported, new BilledUsage { InputTokens = 50, CachedInputTokens = 20, OutputTokens = 30, ReasoningTokens = 25 }),
            Measure("42", usage));
    }

    [Fact]
    public void Measure_CacheCountedBesideThePrompt_IsAddedToIt()
    {
        var usage = new UsageDetails
        {
            InputTokenCount = 5,
            CachedInputTokenCount = 1000,
            OutputTokenCount = 1,
            AdditionalCounts = new() { [UsageNames.CacheWrite] = 200 },
        };

        Assert.Equal(new BilledUsage { InputTokens = 1205, CachedInputTokens = 1000, CacheWriteTokens = 200, OutputTokens = 1 }, Measure("42", usage).Usage);
    }

    [Fact]
    public void Measure_ReasoningOutsideTheAnswersCount_IsFoundInTheTotal()
    {
        var usage = new UsageDetails { InputTokenCount = 10, OutputTokenCount = 5, ReasoningTokenCount = 40, TotalTokenCount = 55 };

        Assert.Equal(new BilledUsage { InputTokens = 10, OutputTokens = 45, ReasoningTokens = 40 }, Measure("42", usage).Usage);
    }

    [Fact]
    public void Measure_ZerosBesideAnEmptyAnswer_AreBelieved()
    {
        // litellm#37992: an explicit zero was replaced by an estimate.
        var metered = Measure("", new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 });

        Assert.Equal(new Metered(BillingCertainty.Reported, default), metered);
    }

    [Fact]
    public void Measure_NoAnswerTokensBesideAnEmptyAnswer_AreBelieved()
    {
        var metered = Measure("", new UsageDetails { InputTokenCount = 12, OutputTokenCount = 0 });

        Assert.Equal(new Metered(BillingCertainty.Reported, new BilledUsage { InputTokens = 12 }), metered);
    }

    [Fact]
    public void Measure_ZerosBesideAnAnswer_AreNoCount()
    {
        // litellm PR 37924: traffic that was billed about 830 EUR was recorded as 0.
        var metered = Measure("42", new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 });

        Assert.Equal(BillingCertainty.Estimated, metered.Billing);
        Assert.True(metered.InputTokens >= "What is 6 * 7?".Length);
        Assert.Equal(Limit, metered.OutputTokens);
    }

    [Fact]
    public void Measure_ZerosBesideACallOfATool_AreNoCount()
    {
        var call = new ChatResponse(new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "add")]))
        {
            Usage = new UsageDetails { InputTokenCount = 9, OutputTokenCount = 0 },
        };

        Assert.Equal((BillingCertainty.Estimated, 9, Limit), Parts(UsageMeter.Measure(call, CallerFixture.Call(), 1)));
    }

    [Fact]
    public void Measure_NoUsage_TakesTheWholeLimitOrWhatTheTextCanHaveAtMost()
    {
        var response = new ChatResponse(new ChatMessage(ChatRole.Assistant, "forty-two"));

        Assert.Equal(Limit, UsageMeter.Measure(response, CallerFixture.Call(), 1).OutputTokens);
        Assert.Equal("forty-two".Length + 8, UsageMeter.Measure(response, CallerFixture.Call(), 1, UncountedOutputRule.Text).OutputTokens);
        Assert.Equal(5, UsageMeter.Measure(response, CallerFixture.Call(limit: 5), 1, UncountedOutputRule.Text).OutputTokens);
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5, -1)]
    [InlineData(long.MaxValue, 5)]
    [InlineData(5, long.MaxValue)]
    public void Measure_CountsThatNoCallCanHave_AreNoCounts(long input, long output)
    {
        var metered = Measure("42", new UsageDetails { InputTokenCount = input, OutputTokenCount = output, TotalTokenCount = long.MaxValue });

        Assert.Equal(BillingCertainty.Estimated, metered.Billing);
        Assert.True(metered.InputTokens <= UsageMeter.MostTokens && metered.OutputTokens <= Limit);
        Assert.True(new PriceList(1_000_000_000, 1_000_000_000).CostNanos(metered.Usage) > 0);
    }

    [Fact]
    public void Measure_PartsLargerThanAnything_StayConsistent()
    {
        var usage = new UsageDetails
        {
            InputTokenCount = 5,
            CachedInputTokenCount = UsageMeter.MostTokens,
            OutputTokenCount = 5,
            ReasoningTokenCount = 500,
            AdditionalCounts = new() { [UsageNames.CacheWrite] = UsageMeter.MostTokens },
        };

        Assert.True(new PriceList(1, 1).CostNanos(Measure("42", usage).Usage) > 0);
    }

    [Fact]
    public void StreamedUsage_SameCountInEveryChunk_IsBilledOnce()
    {
        // semantic-kernel#13382, openai-dotnet#266: the usage was counted once per chunk.
        var streamed = new StreamedUsage(StreamUsageRule.Cumulative);
        for (var said = 1; said <= 3; said++)
            streamed.Add(Chunk(new UsageDetails { InputTokenCount = 10, OutputTokenCount = said, TotalTokenCount = 10 + said }));
        streamed.Add(Chunk(new UsageDetails { InputTokenCount = 0, OutputTokenCount = 0, TotalTokenCount = 0 }));

        Assert.Equal((10, 3, 13), (streamed.Total!.InputTokenCount, streamed.Total.OutputTokenCount, streamed.Total.TotalTokenCount));
    }

    [Fact]
    public void StreamedUsage_CountsOfTheChunksAlone_AreAdded()
    {
        var streamed = new StreamedUsage(StreamUsageRule.PerChunk);
        streamed.Add(Chunk(new UsageDetails { InputTokenCount = 10, OutputTokenCount = 1 }));
        streamed.Add(Chunk(new UsageDetails { OutputTokenCount = 2 }));

        Assert.Equal((10, 3), (streamed.Total!.InputTokenCount, streamed.Total.OutputTokenCount));
    }

    [Fact]
    public void StreamedUsage_OnlyTheLastChunkCounts_IsTaken()
    {
        var streamed = new StreamedUsage(StreamUsageRule.Cumulative);
        streamed.Add(new ChatResponseUpdate(ChatRole.Assistant, "4"));
        Assert.Null(streamed.Total);
        streamed.Add(Chunk(new UsageDetails { InputTokenCount = 7, OutputTokenCount = 2, AdditionalCounts = new() { [UsageNames.CacheWrite] = 3 } }));
        streamed.Add(Chunk(new UsageDetails { AdditionalCounts = new() { [UsageNames.CacheWrite] = 3, ["other"] = 1 } }));

        Assert.Equal((7, 2, 3L), (streamed.Total!.InputTokenCount, streamed.Total.OutputTokenCount, UsageNames.CacheWriteOf(streamed.Total)));
    }

    private static ChatResponseUpdate Chunk(UsageDetails usage) => new(ChatRole.Assistant, [new UsageContent(usage)]);

    private static Metered Measure(string text, UsageDetails usage) =>
        UsageMeter.Measure(new ChatResponse(new ChatMessage(ChatRole.Assistant, text)) { Usage = usage }, CallerFixture.Call(limit: Limit), 1);

    private static (BillingCertainty Billing, long Input, long Output) Parts(Metered metered) => (metered.Billing, metered.InputTokens, metered.OutputTokens);
}
