using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>Raw sockets, so that the test knows how much the server took before it answered.</summary>
public sealed class BodyLimitTests
{
    private const long Huge = 100L * 1024 * 1024;
    private const int Chunk = 64 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ask_HundredMegabytes_IsRefusedLongBeforeTheEnd(bool announced)
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.MaxBodyBytes = 256 * 1024);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, Cancelled);
        var stream = client.GetStream();
        var length = announced ? $"Content-Length: {Huge.ToString(CultureInfo.InvariantCulture)}" : "Transfer-Encoding: chunked";
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {GatewayFixture.Key}\r\n"
                + $"Content-Type: application/json\r\n{length}\r\n\r\n"),
            Cancelled);
        var answer = ReadHeadAsync(stream);

        var sent = await SendUntilAsync(stream, answer, announced);

        var head = await answer;
        Assert.StartsWith("HTTP/1.1 413", head, StringComparison.Ordinal);
        Assert.Contains("body_too_large", head, StringComparison.Ordinal);
        Assert.InRange(sent, 0, Huge / 2);
        Assert.Empty(gateway.Cluster.Requests);
    }

    [Fact]
    public async Task Ask_BodyJustWithinTheLimit_IsTaken()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.MaxBodyBytes = 2048);
        var frame = """{"model":"m","messages":[{"role":"user","content":""}]}""";
        string Body(int size) => frame.Replace("\"\"}", $"\"{new string('x', size - frame.Length)}\"}}", StringComparison.Ordinal);

        using var within = await gateway.AskAsync(Body(2048));
        using var above = await gateway.AskAsync(Body(2049));

        Assert.Equal(HttpStatusCode.OK, within.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, above.StatusCode);
        Assert.Contains("2048 bytes", (await GatewayFixture.ReadErrorAsync(above)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task<long> SendUntilAsync(NetworkStream stream, Task<string> answer, bool announced)
    {
        var data = new byte[Chunk];
        Array.Fill(data, (byte)' ');
        var prefix = Encoding.ASCII.GetBytes($"{Chunk:x}\r\n");
        long sent = 0;
        try
        {
            while (sent < Huge && !answer.IsCompleted)
            {
                if (!announced)
                {
                    await stream.WriteAsync(prefix, Cancelled);
                }

                await stream.WriteAsync(data, Cancelled);
                if (!announced)
                {
                    await stream.WriteAsync("\r\n"u8.ToArray(), Cancelled);
                }

                sent += Chunk;
            }
        }
        catch (IOException)
        {
            // The server may close its side once it has answered; what it answered is still read.
        }

        return sent;
    }

    private static async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().Contains("\"code\"", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Cancelled);
            if (count == 0)
            {
                break;
            }

            text.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return text.ToString();
    }
}
