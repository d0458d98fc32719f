using Cascade.Providers.Calling;
using Cascade.Verification;

namespace Cascade.Grains.Routing;

/// <summary>Reads a draft while it is made and ends it once it cannot pass its judge any more.</summary>
internal sealed class PrefixSink(IPrefixCheck check) : IModelStreamSink
{
    /// <summary>Why the draft cannot pass; null while it may.</summary>
    public string? Evidence { get; private set; }

    public bool Accept(string text)
    {
        Evidence ??= check.Add(text);
        return Evidence is null;
    }
}
