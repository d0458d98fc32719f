using Cascade.Providers;
using Cascade.Providers.Calling;
using Cascade.Providers.Pricing;
using Cascade.Providers.Replay;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Cascade.Tests.Providers;

public sealed class ReplayTests
{
    private const string DataSet = "zeroeval/gsm";
    private const string Model = "gemma-2-9b-it";

    // Reading a recording takes a second or two, and no test changes it.
    private static readonly ReplayLibrary Shared = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("zeroeval/gsm", "gemma-2-9b-it", 0.8741)]
    [InlineData("zeroeval/gsm", "gpt-4o-2024-08-06", 0.9621)]
    [InlineData("zeroeval/gsm", "Mixtral-8x7B-Instruct-v0.1", 0.7013)]
    [InlineData("routellm/gsm8k", "gpt-4-1106-preview", 0.8567)]
    [InlineData("openai2021/gsm8k", "175b_verification", 0.5625)]
    public async Task IsCorrect_AllQuestions_HasThePublishedAccuracy(string name, string model, double published)
    {
        var data = await LoadAsync(name);

        var graded = data.Questions.Select(question => data.IsCorrect(model, question.Id)).ToArray();

        Assert.Equal(1319, graded.Length);
        Assert.DoesNotContain(null, graded);
        Assert.Equal(published, graded.Count(correct => correct == true) / 1319.0, 0.00005);
    }

    [Theory]
    [InlineData("zeroeval/gsm", "gemma-2-9b-it")]
    [InlineData("routellm/gsm8k", "mistralai/Mixtral-8x7B-Instruct-v0.1")]
    [InlineData("openai2021/gsm8k", "6b_finetuning")]
    public async Task GetResponseAsync_EveryQuestion_ServesWhatWasRecordedWithinTheBound(string name, string model)
    {
        var data = await LoadAsync(name);
        var answers = await data.LoadAnswersAsync(model, Token);
        using var client = new ReplayChatClient(new ReplayConfig { DataSet = name }, model, TimeProvider.System, Shared);

        Assert.Equal(1319, answers.Count);
        foreach (var question in data.Questions)
        {
            var recorded = answers[question.Id];
            ChatMessage[] messages = [new(ChatRole.User, question.Text)];
            var response = await client.GetResponseAsync(messages, cancellationToken: Token);
            Assert.Equal(recorded.Text, response.Text);
            Assert.Equal((recorded.InputTokens, recorded.OutputTokens), (response.Usage!.InputTokenCount!.Value, response.Usage.OutputTokenCount!.Value));
            Assert.True(TokenBound.InputTokens(messages, null, 1) >= recorded.InputTokens, $"{question.Id} is billed above its bound.");
        }
    }

    [Fact]
    public async Task GetResponseAsync_RecordedPromptOrOtherTyping_FindsTheQuestion()
    {
        var data = await LoadAsync(DataSet);
        using var client = Client();

        foreach (var text in new[] { data.Questions[0].Prompt, "  " + data.Questions[0].Text.Replace("\u2019", "'", StringComparison.Ordinal) + "\n" })
        {
            var response = await client.GetResponseAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, text)], cancellationToken: Token);
            Assert.Equal($"replay-{data.Questions[0].Id}", response.ResponseId);
        }
    }

    [Fact]
    public async Task GetResponseAsync_LimitBelowTheRecordedLength_CutsAndBillsTheLimit()
    {
        var data = await LoadAsync(DataSet);
        var recorded = (await data.LoadAnswersAsync(Model, Token))[data.Questions[0].Id];
        using var client = Client();

        var response = await client.GetResponseAsync(data.Questions[0].Text, new ChatOptions { MaxOutputTokens = 10 }, Token);

        Assert.Equal(10, response.Usage!.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, response.FinishReason);
        Assert.StartsWith(response.Text, recorded.Text, StringComparison.Ordinal);
        Assert.Equal(recorded.Text.Length * 10 / recorded.OutputTokens, response.Text.Length);
    }

    [Fact]
    public async Task GetResponseAsync_Latency_PassesByTheClock()
    {
        var data = await LoadAsync(DataSet);
        var time = CallerFixture.NewClock();
        using var slow = new ReplayChatClient(new ReplayConfig { LatencyMilliseconds = 250 }, Model, time, Shared);
        await Shared.AnswersAsync(ReplayDirectory.Resolve(null), DataSet, Model, Token);

        var answering = slow.GetResponseAsync(data.Questions[0].Text, cancellationToken: Token);
        Assert.False(answering.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.False(answering.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.NotEmpty((await answering).Text);
    }

    [Theory]
    [InlineData(Model, "What is the colour of the sky?", "replay-unknown-question")]
    [InlineData("no-such-model", "What is the colour of the sky?", "replay-unknown-model")]
    public async Task CallAsync_NotRecorded_IsARejectedRequest(string model, string question, string error)
    {
        await LoadAsync(DataSet);
        using var client = new ReplayChatClient(new ReplayConfig(), model, TimeProvider.System, Shared);
        var caller = new ChatClientModelCaller(client, new ModelCallerSettings { Endpoint = "cheap" }, TimeProvider.System, NullLogger.Instance);

        var result = await caller.CallAsync(CallerFixture.Call(text: question), Token);

        Assert.Equal((ModelCallStatus.RejectedRequest, BillingCertainty.NotBilled, error), (result.Status, result.Billing, result.Error));
    }

    [Fact]
    public async Task CallAsync_ReplayBehindHttp_BillsAreTheRecordedOnes()
    {
        var data = await LoadAsync(DataSet);
        var answers = await data.LoadAnswersAsync(Model, Token);
        using var replay = Client();
        await using var fixture = await CallerFixture.StartAsync(replay, TimeProvider.System);
        var caller = fixture.Caller();

        foreach (var question in data.Questions.Take(5))
            await caller.CallAsync(CallerFixture.Call(question.Id, limit: 4096, text: question.Text), Token);

        Assert.Equal(
            data.Questions.Take(5).Select(question => (question.Id, answers[question.Id].InputTokens, answers[question.Id].OutputTokens)),
            fixture.Server.Bills.Select(bill => (bill.AttemptId, bill.InputTokens, bill.OutputTokens)));
    }

    [Fact]
    public async Task LoadAsync_NoFolder_NamesTheVariable()
    {
        var exception = await Assert.ThrowsAsync<ReplayDataException>(() => ReplayDataSet.LoadAsync("/no/such/folder", DataSet, Token));

        Assert.Contains("CASCADE_DATA", exception.Message, StringComparison.Ordinal);
        using var client = new ReplayChatClient(new ReplayConfig { DataDirectory = "/no/such/folder" }, Model, TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ModelCallException>(() => client.GetResponseAsync("x", cancellationToken: Token));
        Assert.Equal(("replay-data-missing", BillingCertainty.NotBilled), (failure.Error, failure.Billing));
    }

    [Fact]
    public async Task LoadAsync_UnknownRecording_ListsTheKnownOnes()
    {
        var exception = await Assert.ThrowsAsync<ReplayDataException>(() => ReplayDataSet.LoadAsync(null, "mmlu", Token));

        Assert.Contains("routellm/gsm8k", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CsvRows_QuotedFields_KeepCommasQuotesAndLines()
    {
        var rows = CsvRows.Read(new StringReader("a,\"b,\"\"c\"\"\nd\",\r\n1,2,3")).ToArray();

        Assert.Equal<List<string>[]>([["a", "b,\"c\"\nd", ""], ["1", "2", "3"]], rows);
    }

    private static ReplayChatClient Client() => new(new ReplayConfig(), Model, TimeProvider.System, Shared);

    private static async Task<ReplayDataSet> LoadAsync(string name)
    {
        Assert.SkipUnless(ReplayDataSet.Exists(null, name), $"The recording {name} is not here; set CASCADE_DATA to the folder with the recordings.");
        return await Shared.DataSetAsync(ReplayDirectory.Resolve(null), name, Token);
    }
}
