namespace Cascade.TestKit.Providers;

/// <summary>What goes wrong with one request to the stub.</summary>
public abstract record StubFault
{
    private StubFault()
    {
    }

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
}
