using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>A caller of the stub, made the way the server makes one.</summary>
internal sealed class CallerFixture : IAsyncDisposable
{
    private readonly ModelCallerFactory _factory;

    private CallerFixture(OpenAiStubServer server, TimeProvider time)
    {
        Server = server;
        _factory = new ModelCallerFactory(time);
    }

    public static FakeTimeProvider NewClock() => new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public OpenAiStubServer Server { get; }

    public static async Task<CallerFixture> StartAsync(IChatClient? client = null, TimeProvider? time = null) =>
        new(await OpenAiStubServer.StartAsync(client ?? LambdaChatClient.Says("42")), time ?? NewClock());

    public static ModelCall Call(string id = "attempt-1", int limit = 100, string text = "What is 6 * 7?", TimeSpan? timeout = null) => new()
    {
        AttemptId = id,
        Messages = [new ChatMessage(ChatRole.User, text)],
        Options = new ChatOptions { MaxOutputTokens = limit },
        Timeout = timeout ?? TimeSpan.FromMinutes(1),
    };

    public IModelCaller Caller(Action<EndpointConfig>? change = null)
    {
        var config = new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", BaseUrl = Server.BaseUrl };
        change?.Invoke(config);
        return _factory.Create("cheap", config);
    }

    public async Task<ModelCallResult> CallAsync(StubFault fault)
    {
        Server.Enqueue(fault);
        return await Caller().CallAsync(Call(), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _factory.Dispose();
        await Server.DisposeAsync();
    }
}
