using System.Net;
using System.Net.Http.Headers;
using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Providers;

/// <summary>A caller of the streaming stub, made the way the server makes one, on a clock that the test drives.</summary>
internal sealed class StreamFixture : IAsyncDisposable
{
    public const string Answer = "The answer is 42.";
    public const int InputTokens = 10;
    public const int OutputTokens = 8;

    private readonly ModelCallerFactory _factory;

    private StreamFixture(OpenAiStubServer server, FakeTimeProvider time) => (Server, Time, _factory) = (server, time, new ModelCallerFactory(time));

    public OpenAiStubServer Server { get; }

    public FakeTimeProvider Time { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<StreamFixture> StartAsync(OpenAiStubOptions? options = null, string answer = Answer) =>
        new(await OpenAiStubServer.StartAsync(LambdaChatClient.Says(answer, InputTokens, OutputTokens), options), CallerFixture.NewClock());

    public IModelCaller Caller(Action<EndpointConfig>? change = null)
    {
        var config = new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", BaseUrl = Server.BaseUrl, TimeoutSeconds = 60 };
        change?.Invoke(config);
        return _factory.Create("cheap", config);
    }

    public static ModelCall Call(Action<EndpointConfig>? change = null)
    {
        var config = new EndpointConfig { Provider = ProviderKinds.OpenAi, Model = "stub", TimeoutSeconds = 60 };
        change?.Invoke(config);
        return CallerFixture.Call() with { Stream = config.ToStreamPolicy() };
    }

    public async Task<ModelCallResult> StreamAsync(StubFault fault, RecordingSink sink, Action<EndpointConfig>? change = null)
    {
        Server.Enqueue(fault);
        return await Caller(change).StreamAsync(Call(change), sink, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _factory.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>Keeps what it is given, and says when something came.</summary>
internal sealed class RecordingSink(Func<string, bool>? goOn = null) : IModelStreamSink
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<string> Parts { get; } = [];

    public string Text => string.Concat(Parts);

    public Task First => _first.Task;

    public bool Accept(string text)
    {
        Parts.Add(text);
        _first.TrySetResult();
        return goOn?.Invoke(Text) ?? true;
    }
}

/// <summary>A transport that answers every request with the same streamed bytes and breaks after some of them.</summary>
internal sealed class CutTransport(byte[] body, int cut) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
        var content = new StreamContent(new CutStream(body, cut));
        content.Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request };
    }

    private sealed class CutStream(byte[] body, int cut) : MemoryStream(body, 0, cut)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : ValueTask.FromException<int>(new IOException("cut"));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
