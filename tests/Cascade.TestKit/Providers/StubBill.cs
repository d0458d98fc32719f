namespace Cascade.TestKit.Providers;

/// <summary>What the stub billed for one request.</summary>
public sealed record StubBill
{
    /// <summary>The request's <c>X-Client-Request-Id</c>; empty when it had none.</summary>
    public required string AttemptId { get; init; }

    /// <summary>The model of the request.</summary>
    public required string Model { get; init; }

    /// <summary>Billed prompt tokens.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Billed answer tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>The bill, in nano-dollars; 0 when the stub has no price of the model.</summary>
    public required long Nanos { get; init; }

    internal static StubBill Of(StubRequest request, long input, long output, OpenAiStubOptions options) => new()
    {
        AttemptId = request.AttemptId,
        Model = request.Model,
        InputTokens = input,
        OutputTokens = output,
        Nanos = options.Prices.TryGetValue(request.Model, out var price) ? price.CostNanos(input, output) : 0,
    };
}
