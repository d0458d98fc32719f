namespace Cascade.Contracts;

/// <summary>How urgent a request is when endpoints are busy. Values are on the wire: append only.</summary>
[GenerateSerializer, Alias("cascade.chat.priority")]
public enum RequestPriority
{
    /// <summary>Not set.</summary>
    None = 0,

    /// <summary>Somebody waits for it.</summary>
    Interactive = 1,

    /// <summary>It can wait: it leaves places free for interactive requests and yields to them in the queue.</summary>
    Batch = 2,
}
