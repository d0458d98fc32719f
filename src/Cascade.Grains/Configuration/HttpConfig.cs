namespace Cascade.Grains.Configuration;

/// <summary>The HTTP gateway and its limits.</summary>
public sealed class HttpConfig
{
    /// <summary>Where the gateway listens; port 0 picks a free one.</summary>
    public List<string> Urls { get; set; } = [];

    /// <summary>Hashes of the keys of operators, who may change what accounts may spend.</summary>
    public List<string> AdminKeyHashes { get; set; } = [];

    /// <summary>The largest request body, in bytes.</summary>
    public long MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most messages in one conversation.</summary>
    public int MaxMessages { get; set; } = 1000;

    /// <summary>The most parts of one message's content.</summary>
    public int MaxContentParts { get; set; } = 256;

    /// <summary>The most images in one conversation.</summary>
    public int MaxImages { get; set; } = 50;

    /// <summary>The most tools that one request may offer.</summary>
    public int MaxTools { get; set; } = 128;

    /// <summary>The most tool calls of one message.</summary>
    public int MaxToolCalls { get; set; } = 128;

    /// <summary>The largest output limit a request may ask for, in tokens.</summary>
    public int MaxOutputTokens { get; set; } = 1_000_000;

    /// <summary>The most requests in progress; more are refused as overload.</summary>
    public int MaxConcurrentRequests { get; set; } = 1024;

    /// <summary>Questions of one account in progress in this gateway; more are refused.</summary>
    public int MaxConcurrentRequestsPerAccount { get; set; } = 512;

    /// <summary>The most open connections; more are closed at once.</summary>
    public int MaxConcurrentConnections { get; set; } = 4096;

    /// <summary>The largest total of request headers, in bytes.</summary>
    public int MaxHeaderBytes { get; set; } = 32 * 1024;

    /// <summary>How long a request may take.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(9.5);

    /// <summary>How long a stream that has nothing to send stays silent before a comment keeps its connection open.</summary>
    public TimeSpan StreamHeartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may take to accept what a stream has for it, before its connection is closed.</summary>
    public TimeSpan StreamWriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a client may take to send its headers.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an idle connection is kept.</summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(130);

    /// <summary>How long a readiness check may take before it fails.</summary>
    public TimeSpan ReadinessTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long the gateway keeps serving after it has begun to report that it is not ready.</summary>
    public TimeSpan DrainDelay { get; set; } = TimeSpan.Zero;

    /// <summary>How long requests in progress may take to end at shutdown.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>What the gateway listens on when nothing is configured. Lists that are configured add to their default, so it is not one.</summary>
    public const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Where the gateway really listens.</summary>
    /// <returns>At least one URL.</returns>
    public IReadOnlyList<string> EffectiveUrls() => Urls.Count > 0 ? Urls : [DefaultUrl];
}
