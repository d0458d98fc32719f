using Cascade.Providers.Pricing;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>A provider whose answers use up the output limit they are given, up to a usual length; its bills are the truth of every test.</summary>
internal static class StubProvider
{
    public const string Model = "model-1";
    public const string Content = "The answer is 4.";
    public const int InputTokens = 10;
    public const int OutputTokens = 500;

    public static readonly PriceList Prices = new(100_000_000, 10_000_000_000);

    /// <summary>What a call costs whose answer has its usual length.</summary>
    public static long CostNanos => Prices.CostNanos(InputTokens, OutputTokens);

    public static Task<OpenAiStubServer> StartAsync(Func<StubRequest, StubFault?>? fault = null, TimeSpan latency = default) =>
        StartAsync([Model], latency, fault);

    /// <summary>Starts a provider of several models, all at the same price.</summary>
    public static Task<OpenAiStubServer> StartAsync(
        IEnumerable<string> models, TimeSpan latency, Func<StubRequest, StubFault?>? fault = null) =>
        OpenAiStubServer.StartAsync(
            Client(latency),
            new OpenAiStubOptions
            {
                Prices = models.ToDictionary(model => model, _ => Prices),
                Fault = fault ?? (static _ => null),
            });

    /// <summary>What answers for a model.</summary>
    public static LambdaChatClient Client(TimeSpan latency) => new((_, options, cancellationToken) => AnswerAsync(options, latency, cancellationToken));

    public static ServerEndpoint Endpoint(this OpenAiStubServer stub) => new(ServerRequests.Model, Model, stub.BaseUrl);

    /// <summary>The most that was ever billed, in all; bills are never taken back, so no earlier moment had more.</summary>
    public static long BilledNanos(this OpenAiStubServer stub) => stub.Bills.Sum(bill => bill.Nanos);

    private static async Task<ChatResponse> AnswerAsync(ChatOptions? options, TimeSpan latency, CancellationToken cancellationToken)
    {
        if (latency > TimeSpan.Zero)
            await Task.Delay(latency, TimeProvider.System, cancellationToken);
        var output = Math.Min(OutputTokens, options?.MaxOutputTokens ?? OutputTokens);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, Content))
        {
            FinishReason = output < OutputTokens ? ChatFinishReason.Length : ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = InputTokens, OutputTokenCount = output, TotalTokenCount = InputTokens + output },
        };
    }
}
