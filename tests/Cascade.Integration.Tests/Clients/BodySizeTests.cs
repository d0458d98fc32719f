using System.Net;
using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Integration.Tests.Clients;

[Collection(ServerCollection.Name)]
public sealed class BodySizeTests(ServerFixture fixture)
{
    private const int Mebibyte = 1024 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_OneHundredMegabytes_IsRefusedUnread()
    {
        using var body = new HugeBody(100 * Mebibyte, withLength: true);

        var answer = await fixture.Server.PostAsync(fixture.Rich.Key, body, Token, expectContinue: true);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("body_too_large", answer.Code);
        Assert.Equal(0, body.Written);
    }

    [Fact]
    public async Task Post_OneHundredMegabytesOfUnstatedLength_IsCutOffAtTheLimit()
    {
        var before = Refusals();
        using var body = new HugeBody(100 * Mebibyte, withLength: false);

        try
        {
            Assert.Equal("body_too_large", (await fixture.Server.PostAsync(fixture.Rich.Key, body, Token)).Code);
        }
        catch (HttpRequestException)
        {
            // The server closes the connection behind its answer, and a client that still writes may find only that.
        }

        Assert.True(body.Written < 20 * Mebibyte, $"{body.Written} bytes were taken");
        await Eventually.HoldsAsync(() => Refusals() == before + 1, TimeSpan.FromSeconds(10), Token);
        Assert.True((await fixture.Server.AskAsync(fixture.Rich, Token)).IsServed);
    }

    private int Refusals() => fixture.Server.Transcript().Split("413 code=body_too_large").Length - 1;

    private sealed class HugeBody : HttpContent
    {
        private readonly long _length;
        private readonly bool _withLength;
        private long _written;

        public HugeBody(long length, bool withLength)
        {
            (_length, _withLength) = (length, withLength);
            Headers.ContentType = new("application/json");
        }

        public long Written => Interlocked.Read(ref _written);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var chunk = new byte[64 * 1024];
            chunk.AsSpan().Fill((byte)' ');
            while (Written < _length)
            {
                await stream.WriteAsync(chunk, Token);
                Interlocked.Add(ref _written, chunk.Length);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return _withLength;
        }
    }
}
