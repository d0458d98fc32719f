using Microsoft.Extensions.AI;

namespace Cascade.TestKit.Providers;

/// <summary>One request as the stub got it.</summary>
public sealed record StubRequest
{
    /// <summary>Counts the requests, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The <c>X-Client-Request-Id</c>; empty when there was none.</summary>
    public required string AttemptId { get; init; }

    /// <summary>The <c>Authorization</c> header; empty when there was none.</summary>
    public required string Authorization { get; init; }

    /// <summary>The path that was asked for.</summary>
    public required string Path { get; init; }

    /// <summary>The body as it came.</summary>
    public required string Body { get; init; }

    /// <summary>The names of all headers.</summary>
    public required IReadOnlyCollection<string> HeaderNames { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The options, with the output limit from either field.</summary>
    public required ChatOptions Options { get; init; }

    /// <summary>Whether the answer was asked for as a stream.</summary>
    public bool Streams { get; init; }

    /// <summary>Whether the stream was asked to end with its usage.</summary>
    public bool IncludesUsage { get; init; }
}
