namespace Cascade.Contracts;

/// <summary>The run that a reply comes from; the same for the first reply and for every repetition of it.</summary>
[GenerateSerializer, Immutable, Alias("cascade.routing.origin")]
public sealed record ReplyOrigin
{
    /// <summary>The request that was run.</summary>
    [Id(0)]
    public required OperationId Operation { get; init; }

    /// <summary>When it ended.</summary>
    [Id(1)]
    public required DateTimeOffset At { get; init; }
}
