using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;

namespace Cascade.Providers;

/// <summary>One endpoint as a person writes it, under <c>Cascade:Endpoints:{name}</c>. There is no place for a key itself, only for where it is.</summary>
public sealed class EndpointConfig
{
    /// <summary>The kind of provider.</summary>
    /// <value>
    /// <c>openai</c> (and everything that speaks its protocol), <c>azure-openai</c>, <c>anthropic</c>, <c>ollama</c>, <c>replay</c> or <c>synthetic</c>. Required.
    /// </value>
    public string Provider { get; set; } = "";

    /// <summary>The provider's name of the model.</summary>
    /// <value>Required where a provider is called; with <c>azure-openai</c> the deployment; otherwise a label.</value>
    public string Model { get; set; } = "";

    /// <summary>Where the provider is.</summary>
    /// <value>
    /// An absolute http or https address without query. Default: the provider itself; required with <c>azure-openai</c>. With <c>openai</c>, an
    /// address without a path gets <c>/v1</c>.
    /// </value>
    public string? BaseUrl { get; set; }

    /// <summary>Which of OpenAI's APIs is called; only with <c>openai</c> and <c>azure-openai</c>.</summary>
    /// <value><c>chat</c> (default) or <c>responses</c>, which is asked to store nothing.</value>
    public string Api { get; set; } = OpenAiApis.Chat;

    /// <summary>The dated version of the API; only with <c>azure-openai</c>.</summary>
    /// <value>For example <c>2024-10-21</c>. Default: none, which is the current API without a date.</value>
    public string? ApiVersion { get; set; }

    /// <summary>Which server speaks OpenAI's protocol; only with <c>openai</c>.</summary>
    /// <value><c>openai</c> (default), <c>vllm</c>, <c>groq</c>, <c>together</c>, <c>deepseek</c> or <c>gemini</c>: sets address and quirks, see docs/providers.md.</value>
    public string Compatible { get; set; } = "openai";

    /// <summary>The environment variable that holds the key; only one of this and <see cref="ApiKeyFile"/>.</summary>
    /// <value>A variable's name. Without any key source no key is sent, as local servers want it.</value>
    public string? ApiKeyEnvironment { get; set; }

    /// <summary>The file that holds the key, read again while running so that a rotated key is picked up.</summary>
    /// <value>A path; the key is the file's text without surrounding white space.</value>
    public string? ApiKeyFile { get; set; }

    /// <summary>Where the endpoint keeps and handles what it is sent, for filters of accounts and requests.</summary>
    /// <value>At most 64 characters without white space, for example <c>eu</c>. Default: not known, which no filter for regions lets pass.</value>
    public string Region { get; set; } = "";

    /// <summary>What else is known of the endpoint that filters ask for.</summary>
    /// <value>Words of at most 64 characters without white space, for example <c>gdpr</c>; at most 32.</value>
    public List<string> Tags { get; set; } = [];

    /// <summary>The entry of the price book that says what the endpoint charges.</summary>
    /// <value>Its name, for example <c>openai/gpt-4o-mini@eastus</c>. Instead of prices that stand here.</value>
    public string? Price { get; set; }

    /// <summary>Price of a million prompt tokens.</summary>
    /// <value>USD, at least 0, at most 9 decimals. Not set: unpriced, which no account with a hard cap may call.</value>
    public decimal? InputUsdPerMillionTokens { get; set; }

    /// <summary>Price of a million answer tokens, reasoning included.</summary>
    /// <value>USD, at least 0, at most 9 decimals. Set both prices or none.</value>
    public decimal? OutputUsdPerMillionTokens { get; set; }

    /// <summary>Price of a million prompt tokens that the provider read from its cache.</summary>
    /// <value>USD, at least 0, at most 9 decimals. Default: the price of other prompt tokens.</value>
    public decimal? CachedInputUsdPerMillionTokens { get; set; }

    /// <summary>Price of a million prompt tokens that the provider wrote to its cache.</summary>
    /// <value>USD, at least 0, at most 9 decimals. Default: the price of other prompt tokens.</value>
    public decimal? CacheWriteUsdPerMillionTokens { get; set; }

    /// <summary>Price of a million tokens that are thought and not said.</summary>
    /// <value>USD, at least 0, at most 9 decimals. Default: the price of other answer tokens.</value>
    public decimal? ReasoningUsdPerMillionTokens { get; set; }

    /// <summary>Price of a call beside its tokens.</summary>
    /// <value>USD, at least 0, at most 9 decimals. Default: none.</value>
    public decimal? RequestUsd { get; set; }

    /// <summary>The most prompt tokens that the provider bills for one image.</summary>
    /// <value>Tokens, 0 to 1,000,000. Default 0: the endpoint takes no images, because nothing bounds their price.</value>
    public int MaxTokensPerImage { get; set; }

    /// <summary>The most calls of tools that the provider itself runs and bills in one call, such as web searches.</summary>
    /// <value>Calls, 0 to 10,000. Default 0.</value>
    public int MaxToolCalls { get; set; }

    /// <summary>How many tokens an answer is taken to have when the provider does not count them.</summary>
    /// <value><c>limit</c> (default): the whole output limit, because reasoning is billed and need not be said; or <c>text</c>: what the text can have at most.</value>
    public UncountedOutputRule UncountedOutput { get; set; } = UncountedOutputRule.Limit;

    /// <summary>What the usage in a chunk of a stream counts.</summary>
    /// <value><c>cumulative</c> (default): everything since the start; or <c>perchunk</c>: the chunk alone.</value>
    public StreamUsageRule StreamUsage { get; set; } = StreamUsageRule.Cumulative;

    /// <summary>Most calls in flight, cluster-wide.</summary>
    /// <value>Calls, 1 to 100,000. Default 32.</value>
    public int MaxInFlight { get; set; } = 32;

    /// <summary>The most answer tokens that one call may be billed.</summary>
    /// <value>Tokens, 1 to 10,000,000. Default 4096.</value>
    public int MaxOutputTokens { get; set; } = 4096;

    /// <summary>Below this limit a call is not worth making, so a tight budget never clamps the limit below it.</summary>
    /// <value>Tokens, 1 to <see cref="MaxOutputTokens"/>. Default 16.</value>
    public int MinOutputTokens { get; set; } = 16;

    /// <summary>The request field that carries the output limit; only with <c>openai</c>.</summary>
    /// <value>
    /// <c>max_completion_tokens</c> (what OpenAI wants) or <c>max_tokens</c> (what many compatible servers know). Default: what the server wants. A server that
    /// ignores the field it is sent answers without a limit and can bill more than the bound.
    /// </value>
    public string? OutputLimitField { get; set; }

    /// <summary>Expected share of right answers, for decisions before the model has answered.</summary>
    /// <value>0 to 1. Default 0.5.</value>
    public double Quality { get; set; } = 0.5;

    /// <summary>Prompt tokens of a typical call, for its expected cost.</summary>
    /// <value>Tokens, 0 to 10,000,000. Default 200.</value>
    public int ExpectedInputTokens { get; set; } = 200;

    /// <summary>Answer tokens of a typical call, for its expected cost.</summary>
    /// <value>Tokens, 0 to 10,000,000. Default 300.</value>
    public int ExpectedOutputTokens { get; set; } = 300;

    /// <summary>How long one call may take, from the first byte sent to the last byte read.</summary>
    /// <value>Seconds, above 0 to 3600. Default 60.</value>
    public double TimeoutSeconds { get; set; } = 60;

    /// <summary>
    /// What happens to a call under way when its caller goes away. Waiting for its answer books its real cost. Aborting may save some of the
    /// provider's work, but nobody learns what was billed, so the call's upper bound stays held as unconfirmed.
    /// </summary>
    /// <value>True (default) waits, within the timeout; false aborts.</value>
    public bool DrainOnCancel { get; set; } = true;

    /// <summary>How streams are waited for and charged.</summary>
    /// <value>See <see cref="StreamConfig"/>.</value>
    public StreamConfig Stream { get; set; } = new();

    /// <summary>The fewest UTF-8 bytes that one token can stand for; prompt bytes over this bound the prompt tokens.</summary>
    /// <value>Bytes, 0.05 to 16. Default 1, which is safe for every byte-level BPE tokenizer.</value>
    public double MinBytesPerToken { get; set; } = 1;

    /// <summary>Whether traces may carry prompts and answers.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool EnableSensitiveData { get; set; }

    /// <summary>Rate limits, and how the calls in flight adapt.</summary>
    /// <value>No rate limits; adaptive.</value>
    public CapacityConfig Capacity { get; set; } = new();

    /// <summary>When the endpoint is taken out of use because it fails.</summary>
    /// <value>After 5 failures that are half of the calls of 2 seconds.</value>
    public HealthConfig Health { get; set; } = new();

    /// <summary>Repetitions, second calls beside slow ones, and equivalent endpoints.</summary>
    /// <value>None.</value>
    public ReliabilityConfig Reliability { get; set; } = new();

    /// <summary>Settings of the <c>replay</c> provider.</summary>
    /// <value>Not used by other providers.</value>
    public ReplayConfig Replay { get; set; } = new();

    /// <summary>Settings of the <c>synthetic</c> provider.</summary>
    /// <value>Not used by other providers.</value>
    public SyntheticConfig Synthetic { get; set; } = new();

    /// <summary>The price list; null when unpriced.</summary>
    /// <returns>The prices in nano-dollars.</returns>
    /// <exception cref="InvalidOperationException">A price does not convert, which <see cref="EndpointConfigValidator"/> reports first.</exception>
    public PriceList? ToPriceList() => InputUsdPerMillionTokens is { } input && OutputUsdPerMillionTokens is { } output
        ? new PriceList(new TokenPrices(Nanos(input), Nanos(output))
        {
            CachedInput = Nanos(CachedInputUsdPerMillionTokens),
            CacheWrite = Nanos(CacheWriteUsdPerMillionTokens),
            Reasoning = Nanos(ReasoningUsdPerMillionTokens),
        })
        {
            RequestNanos = Nanos(RequestUsd) ?? 0,
        }
        : null;

    /// <summary>What the endpoint's protocol, as it is spoken here, has a field for. Recorded and made-up answers promise nothing and refuse nothing.</summary>
    /// <returns>The features.</returns>
    public EndpointFeatures ToFeatures() => Provider switch
    {
        ProviderKinds.OpenAi or ProviderKinds.AzureOpenAi when Api == OpenAiApis.Responses => EndpointFeatures.None,
        ProviderKinds.Anthropic or ProviderKinds.Ollama => EndpointFeatures.None,
        _ => EndpointFeatures.All,
    };

    /// <summary>How streams are waited for and charged, ready to use.</summary>
    /// <returns>The policy.</returns>
    public StreamPolicy ToStreamPolicy() => Stream.ToPolicy(this);

    /// <summary>What a typical call costs; 0 when unpriced.</summary>
    /// <returns>Nano-dollars.</returns>
    public long ToExpectedCostNanos() => ToPriceList()?.CostNanos(ExpectedInputTokens, ExpectedOutputTokens) ?? 0;

    private static long? Nanos(decimal? usd) => usd is { } given ? Nanos(given) : null;

    private static long Nanos(decimal usd) =>
        UsdPrice.TryToNanos(usd, out var nanos, out var problem) ? nanos : throw new InvalidOperationException($"A price {problem}");
}
