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

    /// <summary>How many letters of an answer one streamed delta carries, at least 1.</summary>
    public int LettersPerDelta { get; init; } = 4;

    /// <summary>Awaited before each delta of a stream, by its number from 0, so that a test decides when it leaves; null for no wait.</summary>
    public Func<StubRequest, int, CancellationToken, Task>? BeforeDelta { get; init; }

    /// <summary>
    /// Whether a stream that is broken off is billed only for the share of the answer that was sent. Otherwise the whole answer is billed when
    /// it starts, as by a provider that goes on generating.
    /// </summary>
    public bool BillsOnlyWhatWasSent { get; init; }
}
