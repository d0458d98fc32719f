using System.Text;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Providers.Transport;
using Cascade.TestKit.Providers;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>A provider that repeats the key in its answer does not give it away.</summary>
public sealed class KeyMaskTests
{
    private const string Variable = "CASCADE_TEST_MASKED_KEY";
    private const string Key = "sk-sk-0123456789abcdef";
    private const string Stars = "**********************";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_KeyInParts_IsMaskedHoweverItArrives()
    {
        var text = $"sk-{Key}{Key} sk-sk-sk-0123 {Key[..^1]} é{Key}sk-sk-";
        var expected = text.Replace(Key, Stars, StringComparison.Ordinal);
        for (var part = 1; part <= text.Length + 1; part++)
        {
            for (var buffer = 1; buffer < 64; buffer += 9)
            {
                await using var masked = new MaskedStream(new PartsStream(Encoding.UTF8.GetBytes(text), part), Mask());
                Assert.Equal(expected, Encoding.UTF8.GetString(await ReadAsync(masked, buffer)));
            }
        }
    }

    [Fact]
    public async Task Read_NothingLooksLikeTheKey_HoldsNothingBack()
    {
        await using var masked = new MaskedStream(new PartsStream("data: 42\n\ndata: 43\n\n"u8.ToArray(), 10), Mask());
        var buffer = new byte[64];

        Assert.Equal(10, await masked.ReadAsync(buffer, Ct));
    }

    [Theory]
    [InlineData("EMPTY", false)]
    [InlineData("not-needed-here", false)]
    [InlineData(Key, true)]
    public void Of_KeyThatMayBeAWord_IsNotLookedFor(string key, bool looked)
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");

        Assert.Equal(looked, KeyMask.Of(request.Headers) is not null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_ProviderSaysTheKey_TheAnswerDoesNot(bool streams)
    {
        Environment.SetEnvironmentVariable(Variable, Key);
        await using var server = await OpenAiStubServer.StartAsync(
            LambdaChatClient.Says($"You sent {Key}, thanks.", 10, 8), new OpenAiStubOptions { LettersPerDelta = 1_000 });
        using var factory = new ModelCallerFactory(TimeProvider.System);
        var config = new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", BaseUrl = server.BaseUrl };
        var caller = factory.Create("m", config);
        var sink = new RecordingSink();
        var call = CallerFixture.Call() with { Key = ProviderKey.FromEnvironment(Variable), Stream = config.ToStreamPolicy() };

        var result = streams ? await caller.StreamAsync(call, sink, Ct) : await caller.CallAsync(call, Ct);

        Assert.Equal($"Bearer {Key}", Assert.Single(server.Requests).Authorization);
        Assert.Equal((ModelCallStatus.Answered, $"You sent {Stars}, thanks."), (result.Status, result.Text));
        Assert.Equal((BillingCertainty.Reported, 8), (result.Billing, result.OutputTokens));
    }

    private static KeyMask Mask()
    {
        using var request = new HttpRequestMessage();
        request.Headers.TryAddWithoutValidation("x-api-key", Key);
        return KeyMask.Of(request.Headers)!;
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int size)
    {
        var (all, buffer) = (new List<byte>(), new byte[size]);
        while (await stream.ReadAsync(buffer, Ct) is > 0 and var read)
        {
            all.AddRange(buffer[..read]);
        }

        return [.. all];
    }

    /// <summary>Gives a text in parts of one size, as a connection may.</summary>
    private sealed class PartsStream(byte[] text, int part) : MemoryStream(text)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(part, buffer.Length)], cancellationToken);
    }
}
