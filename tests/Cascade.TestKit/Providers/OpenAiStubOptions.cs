using Cascade.Providers.Pricing;

namespace Cascade.TestKit.Providers;

/// <summary>How the stub behaves.</summary>
public sealed record OpenAiStubOptions
{
    /// <summary>What each model costs, by the name in the request; a model without a price is billed 0.</summary>
    public IReadOnlyDictionary<string, PriceList> Prices { get; init; } = new Dictionary<string, PriceList>();

    /// <summary>What goes wrong with a request; null for nothing. Faults queued on the server come first.</summary>
    public Func<StubRequest, StubFault?> Fault { get; init; } = _ => null;

    /// <summary>A file that every bill is appended to and flushed; null for none.</summary>
    public string? LedgerFile { get; init; }

    /// <summary>The port on 127.0.0.1; 0 for any free one.</summary>
    public int Port { get; init; }
}
