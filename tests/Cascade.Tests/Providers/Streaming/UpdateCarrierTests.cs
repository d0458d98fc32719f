using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>Telemetry that keeps every update of a stream keeps no second copy of the answer, and still learns what it tells.</summary>
public sealed class UpdateCarrierTests
{
    private const int Parts = 1_000;

    [Fact]
    public void Take_ManyPieces_ComeInFewObjectsThatHoldNothingAfterwards()
    {
        var (said, kept) = Carry(keepsContent: false);

        Assert.Equal(Expected(), said);
        Assert.Equal(4, kept.Distinct(ReferenceEqualityComparer.Instance).Count());
        var told = kept.ToChatResponse();
        Assert.Equal(("answer-1", "model-1", ChatFinishReason.Stop), (told.ResponseId, told.ModelId, told.FinishReason));
        Assert.Equal((10, Parts), (told.Usage?.InputTokenCount, told.Usage?.OutputTokenCount));
        Assert.Equal("0 ", told.Text);
    }

    [Fact]
    public void Take_TelemetryIsToHaveTheContent_EveryUpdateIsItsOwn()
    {
        var (said, kept) = Carry(keepsContent: true);

        Assert.Equal(Expected(), said);
        Assert.Equal(Expected(), kept.ToChatResponse().Text);
    }

    private static string Expected() => string.Concat(Enumerable.Range(0, Parts).Select(static i => $"{i} "));

    private static (string Said, List<ChatResponseUpdate> Kept) Carry(bool keepsContent)
    {
        var carrier = new UpdateCarrier(keepsContent);
        var (said, kept) = ("", new List<ChatResponseUpdate>());
        foreach (var update in Stream())
        {
            var carried = carrier.Take(update);
            said += carried.Text;
            kept.Add(carried);
            carrier.Forget();
        }

        return (said, kept);
    }

    private static IEnumerable<ChatResponseUpdate> Stream()
    {
        for (var i = 0; i < Parts; i++)
            yield return new ChatResponseUpdate(ChatRole.Assistant, $"{i} ") { ResponseId = "answer-1", ModelId = "model-1" };
        yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
        yield return new ChatResponseUpdate { Contents = [new UsageContent(new UsageDetails { InputTokenCount = 10, OutputTokenCount = Parts })] };
    }
}
