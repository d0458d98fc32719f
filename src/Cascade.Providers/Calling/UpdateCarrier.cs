using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>
/// Hands the updates of one stream through telemetry that keeps every object it sees until the stream ends, and would keep the whole answer once more in
/// hundreds of bytes a part: whatever is only a piece of the answer travels in one object that is used again.
/// </summary>
/// <param name="keepsContent">Whether the telemetry is to have the content.</param>
internal sealed class UpdateCarrier(bool keepsContent)
{
    private static readonly AIContent[] Nothing = [];

    private readonly ChatResponseUpdate _shared = new();
    private bool _begun;

    /// <summary>What stands for an update until <see cref="Forget"/>.</summary>
    public ChatResponseUpdate Take(ChatResponseUpdate update)
    {
        // The SDK's own object is most of an update's weight.
        update.RawRepresentation = UnseenParts.Of(update.RawRepresentation);
        var first = !_begun;
        _begun = true;
        if (keepsContent || first || !IsPiece(update))
            return update;
        (_shared.Contents, _shared.RawRepresentation) = (update.Contents, update.RawRepresentation);
        return _shared;
    }

    /// <summary>The update has been dealt with.</summary>
    public void Forget() => (_shared.Contents, _shared.RawRepresentation) = (Nothing, null);

    // The first names the answer and its model; others say why it ended, or what it cost, or hold what comes whole.
    private static bool IsPiece(ChatResponseUpdate update) =>
        update.FinishReason is null && update.Contents.All(static c => c is TextContent or TextReasoningContent);
}
