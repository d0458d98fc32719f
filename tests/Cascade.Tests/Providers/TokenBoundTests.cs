using System.Text;
using System.Text.Json;
using Cascade.Providers.Pricing;
using CsCheck;
using Microsoft.Extensions.AI;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class TokenBoundTests
{
    private static readonly Gen<(long Bytes, double PerToken)> GenText =
        Gen.Select(Gen.Long[0, 1_000_000], Gen.OneOf(Gen.Const(1.0), Gen.Double[0.05, 16], Gen.Const(0.1), Gen.Const(3.0)));

    [Fact]
    public void InputTokens_PlainQuestion_CountsBytesAndOverheads()
    {
        ChatMessage[] messages = [new(ChatRole.System, "é"), new(ChatRole.User, "four")];

        var bound = TokenBound.InputTokens(messages, options: null, minBytesPerToken: 1);

        Assert.Equal("system".Length + 2 + "user".Length + 4 + (2 * TokenBound.TokensPerMessage) + TokenBound.TokensPerRequest, bound);
    }

    [Fact]
    public void InputTokens_JsonSchema_CountsItsText()
    {
        const string Schema = """{"type":"object","properties":{"answer":{"type":"string"}}}""";
        ChatMessage[] messages = [new(ChatRole.User, "x")];
        var options = new ChatOptions
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(Schema).RootElement, "reply", "how to reply"),
        };

        var more = TokenBound.InputTokens(messages, options, 1) - TokenBound.InputTokens(messages, null, 1);

        Assert.Equal(Schema.Length + "reply".Length + "how to reply".Length, more);
    }

    [Fact]
    public void InputTokens_Picture_IsNotBounded()
    {
        ChatMessage[] messages = [new(ChatRole.User, [new DataContent(new byte[] { 1 }, "image/png")])];

        Assert.Throws<NotSupportedException>(() => TokenBound.InputTokens(messages, null, 1));
    }

    [Fact]
    public void InputTokens_AnyText_IsTheSmallestCountThatCoversTheBytes() =>
        GenText.Sample((bytes, perToken) =>
        {
            var text = TokenBound.InputTokens(bytes, 0, perToken) - TokenBound.TokensPerRequest;
            Assert.True(text * perToken >= bytes);
            Assert.True((text - 1.001) * perToken < bytes);
        });

    [Fact]
    public void Generator_CoversTheInterestingCases()
    {
        var (uneven, belowOne) = (0, 0);
        GenText.Sample(
            (bytes, perToken) =>
            {
                uneven += bytes / perToken % 1 != 0 ? 1 : 0;
                belowOne += perToken < 1 ? 1 : 0;
            },
            iter: 1000,
            threads: 1);

        Assert.True(uneven > 100 && belowOne > 100, $"uneven {uneven}, below one {belowOne}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void InputTokens_NonsenseBytesPerToken_Throws(double perToken) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenBound.InputTokens(10, 1, perToken));

    [Fact]
    public void OutputTokens_NoLimit_IsAtLeastTheBytes() =>
        Assert.True(TokenBound.OutputTokens("naïve ✓", null, 1) >= Encoding.UTF8.GetByteCount("naïve ✓"));

    [Fact]
    public void OutputTokens_Limit_IsNeverPassed() => Assert.Equal(3, TokenBound.OutputTokens(new string('x', 100), 3, 1));
}
