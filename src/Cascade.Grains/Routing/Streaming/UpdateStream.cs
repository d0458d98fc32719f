using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Cascade.Contracts;

namespace Cascade.Grains.Routing;

/// <summary>
/// What lies between a request and its reader. Writing never waits, so a reader that is slow, or gone, holds neither a provider's capacity nor
/// money: when more than a bounded amount of text waits for it, it counts as gone.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The source has no timer and nobody waits on its handle; whoever leaves may come after the end.")]
internal sealed class UpdateStream(int maxHeldChars, TimeProvider time)
{
    /// <summary>What a reader is told that was given up.</summary>
    public const string TooSlowProblem = "the reader was too slow for the stream; read faster, or raise Limits:StreamBuffer";

    private readonly Channel<CascadeUpdate> _updates = Channel.CreateUnbounded<CascadeUpdate>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _left = new();
    private readonly long _started = time.GetTimestamp();
    private int _held;

    /// <summary>Cancelled when the reader has gone, or is too slow.</summary>
    public CancellationToken Left => _left.Token;

    /// <summary>Whether text may have reached the reader, so that no other answer can.</summary>
    public bool Committed { get; private set; }

    /// <summary>From the request to its first text; null while there was none.</summary>
    public TimeSpan? TimeToCommit { get; private set; }

    /// <summary>Whether the reader was given up because it was too slow.</summary>
    public bool TooSlow { get; private set; }

    /// <summary>Says whose answer follows. The second time it does nothing.</summary>
    public void Commit(EndpointId endpoint)
    {
        if (Committed)
        {
            return;
        }

        Committed = true;
        TimeToCommit = time.GetElapsedTime(_started);
        _updates.Writer.TryWrite(new CascadeUpdate { Kind = CascadeUpdateKind.Committed, Endpoint = endpoint });
    }

    /// <summary>Adds text of the committed answer.</summary>
    public void Add(string text)
    {
        if (TooSlow || Interlocked.Add(ref _held, text.Length) is var held && held > maxHeldChars && held > text.Length)
        {
            TooSlow = true;
            Leave();
            return;
        }

        _updates.Writer.TryWrite(new CascadeUpdate { Kind = CascadeUpdateKind.Text, Text = text });
    }

    /// <summary>Ends the stream with the reply; what it answers and has not been delivered is.</summary>
    public void End(CascadeReply reply)
    {
        if (reply.Status == CascadeStatus.Answered && !Committed)
        {
            Commit(reply.Endpoint);
            if (reply.Text.Length > 0)
            {
                _updates.Writer.TryWrite(new CascadeUpdate { Kind = CascadeUpdateKind.Text, Text = reply.Text });
            }
        }

        _updates.Writer.TryWrite(new CascadeUpdate { Kind = CascadeUpdateKind.Ended, Reply = reply with { Text = "" } });
        _updates.Writer.TryComplete();
    }

    /// <summary>Ends the stream with a fault.</summary>
    public void Fail(Exception fault) => _updates.Writer.TryComplete(fault);

    /// <summary>The reader has gone.</summary>
    public void Leave() => _left.Cancel();

    /// <summary>Waits until there is something to take.</summary>
    /// <returns>False when all has been taken and nothing comes any more.</returns>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _updates.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes what is next, if it is there.</summary>
    public bool TryTake([NotNullWhen(true)] out CascadeUpdate? update)
    {
        var taken = _updates.Reader.TryRead(out update);
        Interlocked.Add(ref _held, -(update?.Text.Length ?? 0));
        return taken;
    }
}
