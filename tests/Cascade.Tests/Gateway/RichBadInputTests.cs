using System.Net;
using Xunit;

namespace Cascade.Tests.Gateway;

/// <summary>What is wrong with tools, images and everything else that is more than a text.</summary>
public sealed class RichBadInputTests
{
    public static TheoryData<string, string, string?> Bodies => new()
    {
        { """{"model":"m","messages":[{"role":"tool","content":"q"}]}""", "missing_required_parameter", "messages[0].tool_call_id" },
        { """{"model":"m","messages":[{"role":"user","content":"q","name":5}]}""", "invalid_value", "messages[0].name" },
        { """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "missing_required_parameter", "messages[0].content[0].image_url.url" },
        {
            """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x","detail":"max"}}]}]}""",
            "invalid_value",
            "messages[0].content[0].image_url.detail"
        },
        { """{"model":"m","messages":[{"role":"assistant","content":"q","tool_calls":{}}]}""", "invalid_value", "messages[0].tool_calls" },
        { """{"model":"m","messages":[{"role":"assistant","tool_calls":[]}]}""", "missing_required_parameter", "messages[0].content" },
        {
            """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]}]}""",
            "missing_required_parameter",
            "messages[0].tool_calls[0].id"
        },
        {
            """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"custom","custom":{}}]}]}""",
            "unsupported_parameter",
            "messages[0].tool_calls[0].type"
        },
        { """{"model":"m","messages":[{"role":"assistant","content":"q","function_call":{}}]}""", "unsupported_parameter", "messages[0].function_call" },
        { With("\"tools\":{}"), "invalid_value", "tools" },
        { With("\"tools\":[{}]"), "invalid_value", "tools[0]" },
        { With("\"tools\":[{\"type\":\"custom\"}]"), "unsupported_parameter", "tools[0].type" },
        { With("\"tools\":[{\"type\":\"function\"}]"), "missing_required_parameter", "tools[0].function" },
        { With("\"tools\":[{\"type\":\"function\",\"function\":{}}]"), "missing_required_parameter", "tools[0].function.name" },
        { With("\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":1}}]"), "invalid_value", "tools[0].function.parameters" },
        { With("\"tool_choice\":\"perhaps\""), "invalid_value", "tool_choice" },
        { With("\"tool_choice\":{\"type\":\"function\"}"), "missing_required_parameter", "tool_choice.function.name" },
        { With("\"tool_choice\":{\"type\":\"allowed_tools\"}"), "unsupported_parameter", "tool_choice.type" },
        { With("\"parallel_tool_calls\":\"yes\""), "invalid_value", "parallel_tool_calls" },
        { With("\"logprobs\":1"), "invalid_value", "logprobs" },
        { With("\"top_logprobs\":5"), "invalid_value", "top_logprobs" },
        { With("\"logprobs\":true,\"top_logprobs\":21"), "invalid_value", "top_logprobs" },
        { With("\"prediction\":{\"type\":\"content\"}"), "unsupported_parameter", "prediction" },
        { With("\"web_search_options\":{}"), "unsupported_parameter", "web_search_options" },
        { With("\"store\":true"), "unsupported_parameter", "store" },
        { With("\"service_tier\":\"scale\""), "invalid_value", "service_tier" },
        { With("\"service_tier\":2"), "invalid_value", "service_tier" },
        { With("\"x_cascade\":[]"), "invalid_value", "x_cascade" },
        { With("\"x_cascade\":{\"deny\":{}}"), "unknown_parameter", "x_cascade" },
        { With("\"x_cascade\":{\"allow\":\"eu\"}"), "invalid_value", "x_cascade.allow" },
        { With("\"x_cascade\":{\"allow\":{\"region\":[\"eu\"]}}"), "unknown_parameter", "x_cascade.allow" },
        { With("\"x_cascade\":{\"allow\":{\"regions\":\"eu\"}}"), "invalid_value", "x_cascade.allow.regions" },
        { With("\"x_cascade\":{\"allow\":{\"endpoints\":[]}}"), "invalid_value", "x_cascade.allow.endpoints" },
        { With("\"x_cascade\":{\"allow\":{\"tags\":[\"\"]}}"), "invalid_value", "x_cascade.allow.tags" },
        { With("\"x_cascade\":{\"allow\":{\"providers\":[1]}}"), "invalid_value", "x_cascade.allow.providers" },
        { With("\"metadata\":{\"a\":1}"), "invalid_value", "metadata" },
        { With("\"user\":5"), "invalid_value", "user" },
        { With("\"verbosity\":\"loud\""), "invalid_value", "verbosity" },
        { With("\"frequency_penalty\":2.5"), "invalid_value", "frequency_penalty" },
        { With("\"presence_penalty\":-2.5"), "invalid_value", "presence_penalty" },
        { With("\"reasoning_effort\":\"extreme\""), "invalid_value", "reasoning_effort" },
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
        Assert.Contains($"'{param}", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(gateway.Cluster.Requests);
    }

    private static string With(string fields) => $$"""{"model":"m",{{fields}},"messages":[{"role":"user","content":"q"}]}""";
}
