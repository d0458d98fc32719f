using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using Cascade.Integration.Tests.Gateway;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using Xunit;
using ChatMessage = OpenAI.Chat.ChatMessage;

namespace Cascade.Integration.Tests.Clients;

/// <summary>OpenAI's own client for .NET, unchanged, and Microsoft.Extensions.AI on top of it.</summary>
[Collection(ServerCollection.Name)]
public sealed class OpenAiDotNetTests(ServerFixture fixture) : IDisposable
{
    private readonly CountingHandler _handler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CompleteChat_AnswersWithTheProvidersUsage()
    {
        var completion = (await Chat(fixture.Rich.Key).CompleteChatAsync([ChatMessage.CreateUserMessage("What is 2 + 2?")], null, Token)).Value;

        Assert.Equal(StubProvider.Content, completion.Content[0].Text);
        Assert.Equal(OpenAI.Chat.ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal(ServerRequests.Model, completion.Model);
        Assert.Equal(StubProvider.InputTokens, completion.Usage.InputTokenCount);
        Assert.Equal(StubProvider.OutputTokens, completion.Usage.OutputTokenCount);
        Assert.Equal(StubProvider.InputTokens + StubProvider.OutputTokens, completion.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task GetModels_ListsTheEndpoints()
    {
        var models = (await Client(fixture.Rich.Key).GetOpenAIModelClient().GetModelsAsync(Token)).Value;

        Assert.Equal([ServerRequests.Model, ServerFixture.Unpriced], models.Select(model => model.Id).Order(StringComparer.Ordinal));
        Assert.Equal(ServerRequests.Model, (await Client(fixture.Rich.Key).GetOpenAIModelClient().GetModelAsync(ServerRequests.Model, Token)).Value.Id);
    }

    [Fact]
    public Task CompleteChat_WithoutMoney_IsInsufficientQuotaAndNotRetried() =>
        FailsAsync(402, "insufficient_quota", Chat(fixture.Poor.Key));

    [Fact]
    public Task CompleteChat_WrongKey_IsUnauthorized() => FailsAsync(401, "invalid_api_key", Chat("key-of-nobody"));

    [Fact]
    public Task CompleteChat_UnknownModel_IsNotFound() => FailsAsync(404, "model_not_found", Chat(fixture.Rich.Key, "stub/modle"));

    [Fact]
    public Task CompleteChat_NegativeOutputLimit_IsABadRequest() =>
        FailsAsync(400, "invalid_value", Chat(fixture.Rich.Key), new ChatCompletionOptions { MaxOutputTokenCount = -5 });

    [Fact]
    public Task CompleteChat_UnpricedModelUnderAHardCap_IsABadRequest() =>
        FailsAsync(400, "model_unpriced", Chat(fixture.Rich.Key, ServerFixture.Unpriced));

    [Fact]
    public async Task AsIChatClient_AnswersThroughMicrosoftExtensionsAi()
    {
        using var client = Chat(fixture.Rich.Key).AsIChatClient();

        var response = await client.GetResponseAsync("What is 2 + 2?", new ChatOptions { MaxOutputTokens = 100 }, Token);

        Assert.Equal(StubProvider.Content, response.Text);
        Assert.Equal(Microsoft.Extensions.AI.ChatFinishReason.Length, response.FinishReason);
        Assert.Equal(StubProvider.InputTokens, response.Usage!.InputTokenCount);
        Assert.Equal(100, response.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChatStreaming_SaysWhatTheProviderSaysDirectly()
    {
        var direct = new OpenAIClient(new ApiKeyCredential("any"), new OpenAIClientOptions { Endpoint = new Uri(fixture.Stub.BaseUrl) }).GetChatClient(StubProvider.Model);

        var expected = await StreamAsync(direct);
        var seen = await StreamAsync(Chat(fixture.Rich.Key));

        Assert.True(expected.Parts.Length > 1);
        Assert.Equal(expected.Parts, seen.Parts);
        Assert.Equal((expected.Finish, expected.Input, expected.Output), (seen.Finish, seen.Input, seen.Output));
    }

    public void Dispose()
    {
        FailureLog.Show(fixture.Server);
        _handler.Dispose();
    }

    private static async Task<(string[] Parts, OpenAI.Chat.ChatFinishReason? Finish, int? Input, int? Output)> StreamAsync(ChatClient client)
    {
        var (parts, finish, usage) = (new List<string>(), (OpenAI.Chat.ChatFinishReason?)null, (ChatTokenUsage?)null);
        await foreach (var update in client.CompleteChatStreamingAsync([ChatMessage.CreateUserMessage("What is 2 + 2?")], null, Token))
        {
            parts.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        return ([.. parts], finish, usage?.InputTokenCount, usage?.OutputTokenCount);
    }

    private async Task FailsAsync(int status, string code, ChatClient client, ChatCompletionOptions? options = null)
    {
        var failure = await Assert.ThrowsAsync<ClientResultException>(
            () => client.CompleteChatAsync([ChatMessage.CreateUserMessage("What is 2 + 2?")], options, Token));

        Assert.Equal(status, failure.Status);
        Assert.Contains(code, failure.Message, StringComparison.Ordinal);
        var error = JsonDocument.Parse(failure.GetRawResponse()!.Content).RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(1, _handler.Sent);
    }

    private ChatClient Chat(string key, string model = ServerRequests.Model) => Client(key).GetChatClient(model);

    private OpenAIClient Client(string key) => new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions { Endpoint = fixture.Server.ApiAddress, Transport = new HttpClientPipelineTransport(new HttpClient(_handler, false)) });

    private sealed class CountingHandler() : DelegatingHandler(new SocketsHttpHandler())
    {
        public int Sent { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
