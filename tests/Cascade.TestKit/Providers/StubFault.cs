namespace Cascade.TestKit.Providers;

/// <summary>What goes wrong with one request to the stub.</summary>
public abstract record StubFault
{
    private StubFault()
    {
    }

    /// <summary>Whether a streamed answer keeps the form of a stream with this fault.</summary>
    internal bool IsForStreams => this is BillTokens or ReportTokens or MissingUsage or WaitBeforeBilling or CutStream or EndEarly or StallStream or TrickleComments
        or TrickleBytes or StreamedUsage or DuplicateChunks or HugeChunk or StrayEvent or EndWithoutFinish or WrongContentType;

    /// <summary>Answers an error status without asking the model; nothing is billed.</summary>
    public sealed record Status(int Code, string Body = """{"error":{"message":"scripted","type":"scripted"}}""") : StubFault
    {
        /// <summary>Headers of the answer, for example <c>Retry-After</c>.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    }

    /// <summary>Waits until the test releases it, before anything is billed; then answers as usual.</summary>
    public sealed record WaitBeforeBilling(Task Release) : StubFault;

    /// <summary>Bills, waits until the test releases it, then answers as usual.</summary>
    public sealed record WaitAfterBilling(Task Release) : StubFault;

    /// <summary>Bills and never answers; ends when the client goes away or the server stops.</summary>
    public sealed record Hang : StubFault;

    /// <summary>Cuts the connection when the request has been read; nothing is billed.</summary>
    public sealed record AbortBeforeBilling : StubFault;

    /// <summary>Bills and cuts the connection before the first byte of the answer.</summary>
    public sealed record AbortAfterBilling : StubFault;

    /// <summary>Bills, sends the head and half of the body, and cuts the connection.</summary>
    public sealed record AbortInBody : StubFault;

    /// <summary>Bills and answers 200 with this text instead of a completion.</summary>
    public sealed record WrongBody(string Text, string ContentType = "application/json") : StubFault;

    /// <summary>Answers as usual, without the <c>usage</c> object.</summary>
    public sealed record MissingUsage : StubFault;

    /// <summary>Answers as usual, but bills and reports these tokens.</summary>
    public sealed record BillTokens(long InputTokens, long OutputTokens) : StubFault;

    /// <summary>Bills as usual, but reports these tokens, which need not be possible.</summary>
    public sealed record ReportTokens(long InputTokens, long OutputTokens) : StubFault;

    /// <summary>Answers as usual under another content type.</summary>
    public sealed record WrongContentType(string ContentType) : StubFault;

    /// <summary>Bills in full, sends this many bytes of the body, and cuts the connection.</summary>
    public sealed record CutStream(int Bytes) : StubFault;

    /// <summary>Bills in full, sends this many bytes of the body, and ends it as if that were all.</summary>
    public sealed record EndEarly(int Bytes) : StubFault;

    /// <summary>Sends the body byte by byte, one for every step the test allows.</summary>
    public sealed record TrickleBytes(Func<CancellationToken, Task> Step) : StubFault;

    /// <summary>Sends this many bytes of the streamed body and then nothing more, until the client goes away or the server stops.</summary>
    public sealed record StallStream(int Bytes) : StubFault;

    /// <summary>Sends this many bytes of the streamed body, up to the end of an event, and then comments without end, one for every step the test allows.</summary>
    public sealed record TrickleComments(int Bytes, Func<CancellationToken, Task> Step) : StubFault;

    /// <summary>Streams as usual, with usage chunks of an unusual kind.</summary>
    public sealed record StreamedUsage(StubUsage Kind) : StubFault;

    /// <summary>Streams every delta, the last chunk and the usage twice, as a proxy that repeats itself does.</summary>
    public sealed record DuplicateChunks : StubFault;

    /// <summary>Streams one delta of this many letters before all others.</summary>
    public sealed record HugeChunk(int Letters) : StubFault;

    /// <summary>Streams this text as an event of its own before the deltas, for example broken JSON or an error object.</summary>
    public sealed record StrayEvent(string Text) : StubFault;

    /// <summary>Streams the deltas and ends the body properly without a reason, without usage and without <c>[DONE]</c>.</summary>
    public sealed record EndWithoutFinish : StubFault;
}

/// <summary>When a stream says what it used.</summary>
public enum StubUsage
{
    /// <summary>Once, after the last delta, as asked for.</summary>
    Final = 0,

    /// <summary>Never, though asked for.</summary>
    Missing = 1,

    /// <summary>The same numbers three times.</summary>
    Repeated = 2,

    /// <summary>With every delta what was used so far, and at the end the whole.</summary>
    Cumulative = 3,
}
