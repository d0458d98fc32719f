using System.Net;
using Xunit;

namespace Cascade.Tests.Gateway;

public sealed class BadInputTests
{
    private const string Message = """{"role":"user","content":"q"}""";

    public static TheoryData<string, string, string?> Bodies => new()
    {
        { "", "invalid_json", null },
        { "[]", "invalid_json", null },
        { "\"text\"", "invalid_json", null },
        { """{"model":"m","model":"n","messages":[{"role":"user","content":"q"}]}""", "invalid_json", null },
        { """{"messages":[{"role":"user","content":"q"}]}""", "missing_required_parameter", "model" },
        { With("\"model\":\"\""), "invalid_value", "model" },
        { """{"model":5,"messages":[{"role":"user","content":"q"}]}""", "invalid_value", "model" },
        { """{"model":"m"}""", "missing_required_parameter", "messages" },
        { """{"model":"m","messages":null}""", "missing_required_parameter", "messages" },
        { """{"model":"m","messages":[]}""", "invalid_value", "messages" },
        { """{"model":"m","messages":"q"}""", "invalid_value", "messages" },
        { """{"model":"m","messages":["q"]}""", "invalid_value", "messages[0]" },
        { """{"model":"m","messages":[{"content":"q"}]}""", "missing_required_parameter", "messages[0].role" },
        { """{"model":"m","messages":[{"role":"wizard","content":"q"}]}""", "invalid_value", "messages[0].role" },
        { """{"model":"m","messages":[{"role":"function","content":"q"}]}""", "unsupported_parameter", "messages[0].role" },
        { """{"model":"m","messages":[{"role":"user"}]}""", "missing_required_parameter", "messages[0].content" },
        { """{"model":"m","messages":[{"role":"user","content":7}]}""", "invalid_value", "messages[0].content" },
        { """{"model":"m","messages":[{"role":"user","content":""}]}""", "invalid_value", "messages" },
        { """{"model":"m","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", "unsupported_parameter", "messages[0].content[0].type" },
        { """{"model":"m","messages":[{"role":"user","content":[{"type":"text"}]}]}""", "missing_required_parameter", "messages[0].content[0].text" },
        { With("\"max_tokens\":-1"), "invalid_value", "max_tokens" },
        { With("\"max_tokens\":0"), "invalid_value", "max_tokens" },
        { With("\"max_tokens\":1.5"), "invalid_value", "max_tokens" },
        { With("\"max_tokens\":\"5\""), "invalid_value", "max_tokens" },
        { With("\"max_tokens\":999999999999999999999"), "invalid_value", "max_tokens" },
        { With("\"max_completion_tokens\":-1"), "invalid_value", "max_completion_tokens" },
        { With("\"max_completion_tokens\":5000000"), "invalid_value", "max_completion_tokens" },
        { With("\"max_tokens\":5,\"max_completion_tokens\":6"), "invalid_value", "max_tokens" },
        { With("\"temperature\":2.1"), "invalid_value", "temperature" },
        { With("\"temperature\":-0.1"), "invalid_value", "temperature" },
        { With("\"temperature\":\"hot\""), "invalid_value", "temperature" },
        { With("\"top_p\":0"), "invalid_value", "top_p" },
        { With("\"top_p\":1.1"), "invalid_value", "top_p" },
        { With("\"seed\":0.5"), "invalid_value", "seed" },
        { With("\"n\":2"), "unsupported_parameter", "n" },
        { With("\"n\":0"), "invalid_value", "n" },
        { With("\"stream_options\":{\"include_usage\":true}"), "invalid_value", "stream_options" },
        { With("\"stream\":true,\"stream_options\":1"), "invalid_value", "stream_options" },
        { With("\"stream\":true,\"stream_options\":{\"include_usage\":1}"), "invalid_value", "stream_options.include_usage" },
        { With("\"stream\":true,\"stream_options\":{\"other\":true}"), "unsupported_parameter", "stream_options" },
        { With("\"stream\":1"), "invalid_value", "stream" },
        { With("\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"]"), "invalid_value", "stop" },
        { With("\"stop\":[1]"), "invalid_value", "stop" },
        { With("\"functions\":[{}]"), "unsupported_parameter", "functions" },
        { With("\"audio\":{\"voice\":\"x\"}"), "unsupported_parameter", "audio" },
        { With("\"modalities\":[\"audio\"]"), "unsupported_parameter", "modalities" },
        { With("\"logit_bias\":{\"5\":1}"), "unsupported_parameter", "logit_bias" },
        { With("\"response_format\":{\"type\":\"xml\"}"), "invalid_value", "response_format" },
        { With("\"response_format\":{\"type\":\"json_schema\"}"), "missing_required_parameter", "response_format.json_schema.name" },
        {
            With("\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\"}}"),
            "missing_required_parameter",
            "response_format.json_schema.schema"
        },
        { With("\"temprature\":1"), "unknown_parameter", "temprature" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Ask_BadBody_IsRefusedByName(string body, string code, string? param)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal((code, param), (error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Empty(gateway.Cluster.Requests);
        if (param is not null)
        {
            Assert.Contains(param.Split('.')[0].Split('[')[0], error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Ask_MalformedJson_TellsThePositionAndNotTheText()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync("{\"model\":\"m\",\n\"messages\":[secret]}");

        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal("invalid_json", error.GetProperty("code").GetString());
        Assert.Contains("line 2, byte 13", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ThreeProblems_AreReportedTogether()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        using var response = await gateway.AskAsync(With("\"temperature\":9,\"max_tokens\":-1,\"audio\":{\"voice\":\"x\"}"));

        var message = (await GatewayFixture.ReadErrorAsync(response)).GetProperty("message").GetString();
        Assert.Contains("'temperature' is 9", message, StringComparison.Ordinal);
        Assert.Contains("'max_tokens' is -1", message, StringComparison.Ordinal);
        Assert.Contains("'audio' is not supported", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_TooManyMessages_NamesTheLimit()
    {
        await using var gateway = await GatewayFixture.StartAsync(limits => limits.MaxMessages = 2);

        using var response = await gateway.AskAsync($$"""{"model":"m","messages":[{{Message}},{{Message}},{{Message}}]}""");

        var error = await GatewayFixture.ReadErrorAsync(response);
        Assert.Equal("messages", error.GetProperty("param").GetString());
        Assert.Contains("1 to 2", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static string With(string fields) => fields.StartsWith("\"model\"", StringComparison.Ordinal)
        ? $$"""{{{fields}},"messages":[{{Message}}]}"""
        : $$"""{"model":"m",{{fields}},"messages":[{{Message}}]}""";
}
