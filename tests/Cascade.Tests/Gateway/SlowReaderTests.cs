using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Cascade.Contracts;
using Cascade.TestKit.Waiting;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>A client that opens a stream and stops reading, over a real connection.</summary>
public sealed class SlowReaderTests
{
    /// <summary>More than a connection buffers, on any machine.</summary>
    private const long MostHeldBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly string Part = new('x', 64 * 1024);

    private long _pulled;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_ClientStopsReading_HoldsABoundedAmountAndIsDisconnectedAtTheLimit()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.StreamWriteTimeout = Limit);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Cluster.OnStream = (_, ct) => EndlessAsync(left, ct);
        using var client = await AskAsync(gateway.Address);

        await StandsStillAsync();
        Assert.True(Interlocked.Read(ref _pulled) * Part.Length < MostHeldBytes);
        gateway.Time.Advance(Limit - TimeSpan.FromSeconds(1));
        await StandsStillAsync();
        Assert.False(left.Task.IsCompleted);
        gateway.Time.Advance(TimeSpan.FromSeconds(1));

        await left.Task.WaitAsync(Patience, Cancelled);
    }

    [Fact]
    public async Task Stream_ClientReadsOn_IsNotDisconnectedHoweverLongItTakes()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.StreamWriteTimeout = Limit);
        var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        gateway.Cluster.OnStream = (_, ct) => EndlessAsync(left, ct);
        using var client = await AskAsync(gateway.Address);
        var buffer = new byte[1024 * 1024];

        for (var i = 0; i < 3; i++)
        {
            await StandsStillAsync();
            var before = Interlocked.Read(ref _pulled);
            gateway.Time.Advance(Limit - TimeSpan.FromSeconds(1));
            while (Interlocked.Read(ref _pulled) == before)
            {
                Assert.True(await client.GetStream().ReadAsync(buffer, Cancelled) > 0);
            }
        }

        Assert.False(left.Task.IsCompleted);
    }

    private static async Task<TcpClient> AskAsync(Uri address)
    {
        const string Body = """{"model":"math","stream":true,"messages":[{"role":"user","content":"6*7?"}]}""";
        var client = new TcpClient { ReceiveBufferSize = 16 * 1024 };
        await client.ConnectAsync(address.Host, address.Port, Cancelled);
        var request = $"POST {GatewayFixture.Chat} HTTP/1.1\r\nHost: {address.Authority}\r\nAuthorization: Bearer {GatewayFixture.Key}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        return client;
    }

    /// <summary>Waits until nothing more is taken from the cluster, because nothing more can be sent.</summary>
    private async Task StandsStillAsync()
    {
        const int Long = 15;
        var (seen, times) = (-1L, 0);
        await Eventually.HoldsAsync(
            () =>
            {
                var now = Interlocked.Read(ref _pulled);
                (seen, times) = (now, now == seen && now > 0 ? times + 1 : 0);
                return times >= Long;
            },
            Patience,
            Cancelled);
    }

    private async IAsyncEnumerable<CascadeUpdate> EndlessAsync(TaskCompletionSource left, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return new CascadeUpdate { Kind = CascadeUpdateKind.Committed, Endpoint = Replies.Answer().Endpoint };
            while (!cancellationToken.IsCancellationRequested)
            {
                await Task.Yield();
                Interlocked.Increment(ref _pulled);
                yield return new CascadeUpdate { Kind = CascadeUpdateKind.Text, Text = Part };
            }
        }
        finally
        {
            left.TrySetResult();
        }
    }
}
