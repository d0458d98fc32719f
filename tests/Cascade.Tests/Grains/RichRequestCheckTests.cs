using Cascade.Contracts;
using Cascade.Grains.Routing;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class RichRequestCheckTests
{
    private static readonly CascadeMessage Question = new() { Role = ChatMessageRole.User, Text = "Sunny?" };

    private static readonly ToolCall Call = new() { CallId = "call_1", Name = "weather", ArgumentsJson = "{ broken" };

    private static readonly ToolDefinition Tool = new() { Name = "weather", ParametersJson = """{"type":"object"}""" };

    private static readonly CascadeRequest Good = new()
    {
        Operation = new OperationId("op"),
        Account = new AccountId("acme"),
        Model = "m",
        Messages =
        [
            Question with { Name = "ann" },
            new CascadeMessage { Role = ChatMessageRole.Assistant, ToolCalls = [Call] },
            new CascadeMessage { Role = ChatMessageRole.Tool, ToolCallId = "call_1", Text = "yes" },
            new CascadeMessage
            {
                Role = ChatMessageRole.User,
                Parts = [ContentPart.OfText("and here?"), ContentPart.OfImage("data:image/png;base64,AAAA", ImageDetail.High)],
            },
        ],
        Tools = [Tool],
        ToolChoice = new ToolChoice { Kind = ToolChoiceKind.Function, Name = "weather" },
        TopLogProbabilities = 20,
        ProviderFields = new ProviderFields { User = "u", Verbosity = Verbosity.Low },
        Labels = [new RequestLabel { Name = "feature", Value = "search" }],
    };

    public static TheoryData<string, CascadeRequest> Bad => new()
    {
        { "messages[0].name", First(Question with { Name = "ann smith" }) },
        { "messages[0].content", First(Question with { Parts = [ContentPart.OfText("x")] }) },
        { "messages[0].content[0].type", First(Question with { Text = "", Parts = [new ContentPart { Kind = ContentPartKind.None }] }) },
        { "messages[0].content[0]", First(new CascadeMessage { Role = ChatMessageRole.System, Parts = [ContentPart.OfImage("https://x/y.png", default)] }) },
        { "messages[0].content[0].image_url.detail", First(Image("https://x/y.png", (ImageDetail)9)) },
        { "messages[0].content[0].image_url.url", First(Image("ftp://x/y.png")) },
        { "messages[0].content[0].image_url.url", First(Image("y.png")) },
        { "messages[0].content[0].image_url.url", First(Image("data:text/plain;base64,AAAA")) },
        { "messages[0].content[0].image_url.url", First(Image("data:image/png;base64,A*AA")) },
        { "messages[0].content[0].image_url.url", First(Image("data:image/png;base64,")) },
        { "messages[0].content[0].image_url.url", First(Image("data:image/png,AAAA")) },
        { "messages[0].tool_calls", First(Question with { ToolCalls = [Call] }) },
        { "messages[0].refusal", First(Question with { RefusalText = "no" }) },
        { "messages[0].tool_call_id", First(Question with { ToolCallId = "call_1" }) },
        { "messages[0].tool_call_id", First(new CascadeMessage { Role = ChatMessageRole.Tool, ToolCallId = "call_1", Text = "yes" }) },
        { "messages[1].tool_calls[0].id", Second(Call with { CallId = "" }) },
        { "messages[1].tool_calls[0].function.name", Second(Call with { Name = "the weather" }) },
        { "messages[2].tool_call_id", Second(Call with { CallId = "call_2" }) },
        { "tools[0].function.name", Good with { Tools = [Tool with { Name = new string('x', 65) }] } },
        { "tools[1].function.name", Good with { Tools = [Tool, Tool] } },
        { "tools[0].function.parameters", Good with { Tools = [Tool with { ParametersJson = "[]" }] } },
        { "tools[0].function.parameters", Good with { Tools = [Tool with { ParametersJson = "{" }] } },
        { "tool_choice.function.name", Good with { ToolChoice = new ToolChoice { Kind = ToolChoiceKind.Function, Name = "rain" } } },
        { "tool_choice", Good with { ToolChoice = new ToolChoice { Kind = ToolChoiceKind.None } } },
        { "tool_choice", Good with { Tools = [], ToolChoice = new ToolChoice { Kind = ToolChoiceKind.Required } } },
        { "top_logprobs", Good with { TopLogProbabilities = 21 } },
        { "top_logprobs", Good with { TopLogProbabilities = -1 } },
        { "user", Good with { ProviderFields = new ProviderFields { User = new string('x', 257) } } },
        { "prompt_cache_key", Good with { ProviderFields = new ProviderFields { PromptCacheKey = new string('x', 257) } } },
        { "verbosity", Good with { ProviderFields = new ProviderFields { Verbosity = (Verbosity)9 } } },
        { "metadata", Good with { Labels = [Good.Labels[0], Good.Labels[0]] } },
        { "metadata", Good with { Labels = [new RequestLabel { Name = "", Value = "x" }] } },
        { "frequency_penalty", Good with { Sampling = new SamplingOptions { FrequencyPenalty = 2.1 } } },
        { "presence_penalty", Good with { Sampling = new SamplingOptions { PresencePenalty = double.NaN } } },
        { "reasoning_effort", Good with { Sampling = new SamplingOptions { ReasoningEffort = (ReasoningEffort)99 } } },
    };

    [Fact]
    public void Problem_RichRequest_IsNone() => Assert.Null(RequestCheck.Problem(Good));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Problem_OneWrongField_NamesItAndTheRepair(string field, CascadeRequest request)
    {
        var problem = RequestCheck.Problem(request);

        Assert.NotNull(problem);
        Assert.Equal(field, problem[..problem.IndexOf(": ", StringComparison.Ordinal)]);
        Assert.Contains(";", problem, StringComparison.Ordinal);
    }

    private static CascadeMessage Image(string uri, ImageDetail detail = ImageDetail.None) => Question with { Text = "", Parts = [ContentPart.OfImage(uri, detail)] };

    private static CascadeRequest First(CascadeMessage message) => Good with { Messages = Good.Messages.SetItem(0, message) };

    private static CascadeRequest Second(ToolCall call) =>
        Good with { Messages = Good.Messages.SetItem(1, Good.Messages[1] with { ToolCalls = [call] }) };
}
