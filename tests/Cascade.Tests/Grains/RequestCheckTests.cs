using Cascade.Contracts;
using Cascade.Grains.Routing;
using Xunit;

namespace Cascade.Tests.Grains;

public sealed class RequestCheckTests
{
    private static readonly CascadeRequest Good = new()
    {
        Operation = new OperationId("op"),
        Account = new AccountId("acme"),
        Model = "m",
        Messages = [new CascadeMessage { Role = ChatMessageRole.User, Text = "6 times 7?" }],
    };

    public static TheoryData<int?, double?, double?, int, string?> Limits => new()
    {
        { null, null, null, 0, null },
        { 1, 0, 1, 4, null },
        { 100_000, 2, 0.001, 1, null },
        { 0, null, null, 0, "max_tokens: is 0; use at least 1, or leave it out" },
        { -5, null, null, 0, "max_tokens: is -5; use at least 1, or leave it out" },
        { null, -0.1, null, 0, "temperature: is -0.1; use 0 to 2" },
        { null, 2.1, null, 0, "temperature: is 2.1; use 0 to 2" },
        { null, double.NaN, null, 0, "temperature: is NaN; use 0 to 2" },
        { null, null, 0, 0, "top_p: is 0; use more than 0 and at most 1" },
        { null, null, 1.5, 0, "top_p: is 1.5; use more than 0 and at most 1" },
        { null, null, double.NaN, 0, "top_p: is NaN; use more than 0 and at most 1" },
        { null, null, null, 5, "stop: has 5 texts; use at most 4" },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public void Problem_Sampling_NamesTheFieldAndTheRepair(int? maxTokens, double? temperature, double? topP, int stops, string? expected)
    {
        var sampling = new SamplingOptions
        {
            MaxOutputTokens = maxTokens,
            Temperature = temperature,
            TopP = topP,
            Stop = [.. Enumerable.Repeat("x", stops)],
        };

        Assert.Equal(expected, RequestCheck.Problem(Good with { Sampling = sampling }));
    }

    [Fact]
    public void Problem_NoMessages_SaysSo()
    {
        const string Expected = "messages: is empty; give at least one message";

        Assert.Equal(Expected, RequestCheck.Problem(Good with { Messages = [] }));
        Assert.Equal(Expected, RequestCheck.Problem(Good with { Messages = default }));
    }

    [Theory]
    [InlineData(ChatMessageRole.None)]
    [InlineData((ChatMessageRole)99)]
    public void Problem_RoleIsNone_NamesTheMessage(ChatMessageRole role)
    {
        var request = Good with { Messages = Good.Messages.Add(new CascadeMessage { Role = role, Text = "?" }) };

        Assert.Equal("messages[1].role: is not set; use system, user, assistant or tool", RequestCheck.Problem(request));
    }

    [Theory]
    [InlineData("""{"type":"object"}""", null)]
    [InlineData("{}", null)]
    [InlineData("[]", "response_format.json_schema.schema: is not a JSON object; give a JSON schema")]
    [InlineData("true", "response_format.json_schema.schema: is not a JSON object; give a JSON schema")]
    [InlineData("{", "response_format.json_schema.schema: is not JSON; give a JSON schema")]
    [InlineData("", "response_format.json_schema.schema: is not JSON; give a JSON schema")]
    [InlineData(null, "response_format.json_schema.schema: is not JSON; give a JSON schema")]
    public void Problem_Schema_MustBeAJsonObject(string? schema, string? expected) => Assert.Equal(
        expected,
        RequestCheck.Problem(Good with { Format = new AnswerFormat { Kind = AnswerFormatKind.JsonSchema, SchemaJson = schema } }));
}
