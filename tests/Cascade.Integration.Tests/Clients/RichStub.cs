using System.Text.Json.Nodes;
using Cascade.TestKit.Providers;
using Microsoft.Extensions.AI;

namespace Cascade.Integration.Tests.Clients;

/// <summary>A provider whose answers are recorded: a tool call, JSON, log-probabilities or a refusal, by what the conversation says.</summary>
internal static class RichStub
{
    private const string ToolCall = """
        [{"index":0,"message":{"role":"assistant","content":null,"refusal":null,"tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{ \"city\": \"Citt\u00e0\" }"}},
          {"id":"call_2","type":"function","function":{"name":"now","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}]
        """;

    private const string TextAndToolCalls = """
        [{"index":0,"message":{"role":"assistant","content":"Let me look.","refusal":null,"tool_calls":[
          {"id":"call_1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},
          {"id":"call_2","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},
          {"id":"call_3","type":"function","function":{"name":"now","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}]
        """;

    private const string Schema = """
        [{"index":0,"message":{"role":"assistant","content":"{\"answer\":4}","refusal":null},"logprobs":null,"finish_reason":"stop"}]
        """;

    private const string LogProbabilities = """
        [{"index":0,"message":{"role":"assistant","content":"4\u00e9","refusal":null},"logprobs":{"content":[
          {"token":"4","logprob":-0.125,"bytes":[52],"top_logprobs":[{"token":"4","logprob":-0.125,"bytes":[52]},{"token":"5","logprob":-2.5,"bytes":[53]}]},
          {"token":"\u00e9","logprob":-1.5,"bytes":[195,169],"top_logprobs":[{"token":"\u00e9","logprob":-1.5,"bytes":[195,169]},
            {"token":"e","logprob":-3.25,"bytes":null}]}],"refusal":null},"finish_reason":"stop"}]
        """;

    private const string Refusal = """
        [{"index":0,"message":{"role":"assistant","content":null,"refusal":"I would rather not."},"logprobs":null,"finish_reason":"stop"}]
        """;

    private const string Plain = """
        [{"index":0,"message":{"role":"assistant","content":"A cat, and it is sunny.","refusal":null},"logprobs":null,"finish_reason":"stop"}]
        """;

    public static Task<OpenAiStubServer> StartAsync() =>
        OpenAiStubServer.StartAsync(new LambdaChatClient((messages, _, _) => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, ""))
        {
            RawRepresentation = JsonNode.Parse(Choose(messages[^1].Text)),
            Usage = new UsageDetails { InputTokenCount = 12, OutputTokenCount = 7, TotalTokenCount = 19 },
        })));

    private static string Choose(string question) => question switch
    {
        "call" => ToolCall,
        "both" => TextAndToolCalls,
        "schema" => Schema,
        "logprobs" => LogProbabilities,
        "refuse" => Refusal,
        _ => Plain,
    };
}
