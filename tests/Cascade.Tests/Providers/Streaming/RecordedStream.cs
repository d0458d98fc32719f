using System.Text.Json;
using Cascade.Providers;
using Cascade.Providers.Pricing;

namespace Cascade.Tests.Providers;

/// <summary>
/// A streamed answer as one provider's protocol sends it: the text "The answer is 42.", a call of the tool <c>add</c> and a bill. The shapes are those of the
/// providers' references.
/// </summary>
/// <param name="Provider">Whose protocol it is.</param>
/// <param name="Api">The API of OpenAI that it is of.</param>
/// <param name="ContentType">What the body says it is.</param>
/// <param name="Events">The parts of the body.</param>
/// <param name="Usage">What is billed.</param>
/// <param name="Finish">Why it ended; empty when it does not say.</param>
public sealed record RecordedStream(string Provider, string Api, string ContentType, IReadOnlyList<string> Events, BilledUsage Usage, string Finish)
{
    public const string Text = "The answer is 42.";
    public const string Tool = "add";
    public const string Arguments = """{"a":6,"b":7}""";

    private const string EventStream = "text/event-stream";

    /// <summary>One of each protocol that is not chat completions.</summary>
    public static IReadOnlyList<RecordedStream> All { get; } =
    [
        Messages(), Responses(ProviderKinds.OpenAi), Responses(ProviderKinds.AzureOpenAi), Cut(Responses(ProviderKinds.OpenAi)), Lines(), WithoutReason(Lines()),
    ];

    public string Body => string.Concat(Events);

    private static RecordedStream Messages() => new(
        ProviderKinds.Anthropic,
        OpenAiApis.Chat,
        EventStream,
        [
            Named("""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"container":null,"stop_details":null,"usage":{"input_tokens":9,"cache_creation_input_tokens":200,"cache_read_input_tokens":1000,"output_tokens":1,"server_tool_use":null,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":0},"service_tier":"standard","inference_geo":null}}}"""),
            Named("""{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":null}}"""),
            Named("""{"type":"ping"}"""),
            Named("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"The answer "}}"""),
            Named("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"is 42."}}"""),
            Named("""{"type":"content_block_stop","index":0}"""),
            Named("""{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"call_1","name":"add","input":{}}}"""),
            Named("""{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":6,"}}"""),
            Named("""{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"\"b\":7}"}}"""),
            Named("""{"type":"content_block_stop","index":1}"""),
            Named("""{"type":"message_delta","delta":{"container":null,"stop_details":null,"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":9,"cache_creation_input_tokens":200,"cache_read_input_tokens":1000,"output_tokens":46,"server_tool_use":null}}"""),
            Named("""{"type":"message_stop"}"""),
        ],
        new BilledUsage { InputTokens = 1209, CachedInputTokens = 1000, CacheWriteTokens = 200, OutputTokens = 46 },
        "tool_calls");

    private static RecordedStream Responses(string provider) => new(
        provider,
        OpenAiApis.Responses,
        EventStream,
        [
            Named($$"""{"type":"response.created","sequence_number":0,"response":{{Response("in_progress", "[]", "null")}}}"""),
            Named("""{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}"""),
            Named("""{"type":"response.output_item.done","sequence_number":2,"output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}"""),
            Named("""{"type":"response.output_item.added","sequence_number":3,"output_index":1,"item":{"type":"message","id":"msg_1","status":"in_progress","role":"assistant","content":[]}}"""),
            Named("""{"type":"response.content_part.added","sequence_number":4,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[]}}"""),
            Named("""{"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"The answer "}"""),
            Named("""{"type":"response.output_text.delta","sequence_number":6,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"is 42."}"""),
            Named("""{"type":"response.output_text.done","sequence_number":7,"item_id":"msg_1","output_index":1,"content_index":0,"text":"The answer is 42."}"""),
            Named("""{"type":"response.content_part.done","sequence_number":8,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"The answer is 42.","annotations":[]}}"""),
            Named($$"""{"type":"response.output_item.done","sequence_number":9,"output_index":1,"item":{{Said}}}"""),
            Named("""{"type":"response.output_item.added","sequence_number":10,"output_index":2,"item":{"type":"function_call","id":"fc_1","status":"in_progress","call_id":"call_1","name":"add","arguments":""}}"""),
            Named("""{"type":"response.function_call_arguments.delta","sequence_number":11,"item_id":"fc_1","output_index":2,"delta":"{\"a\":6,"}"""),
            Named("""{"type":"response.function_call_arguments.delta","sequence_number":12,"item_id":"fc_1","output_index":2,"delta":"\"b\":7}"}"""),
            Named("""{"type":"response.function_call_arguments.done","sequence_number":13,"item_id":"fc_1","output_index":2,"name":"add","arguments":"{\"a\":6,\"b\":7}"}"""),
            Named($$"""{"type":"response.output_item.done","sequence_number":14,"output_index":2,"item":{{Called}}}"""),
            Named($$"""{"type":"response.completed","sequence_number":15,"response":{{Response("completed", $"[{Said},{Called}]", """{"input_tokens":36,"input_tokens_details":{"cached_tokens":30},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}""")}}}"""),
        ],
        new BilledUsage { InputTokens = 36, CachedInputTokens = 30, OutputTokens = 87, ReasoningTokens = 64 },
        "tool_calls");

    private const string Said = """{"type":"message","id":"msg_1","status":"completed","role":"assistant","content":[{"type":"output_text","text":"The answer is 42.","annotations":[]}]}""";
    private const string Called = """{"type":"function_call","id":"fc_1","status":"completed","call_id":"call_1","name":"add","arguments":"{\"a\":6,\"b\":7}"}""";

    /// <summary>The same, cut at its output limit.</summary>
    private static RecordedStream Cut(RecordedStream whole) => whole with
    {
        Events =
        [
            .. whole.Events.SkipLast(1),
            whole.Events[^1].Replace("response.completed", "response.incomplete", StringComparison.Ordinal)
                .Replace("\"status\":\"completed\",\"error\"", "\"status\":\"incomplete\",\"error\"", StringComparison.Ordinal)
                .Replace("\"incomplete_details\":null", "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}", StringComparison.Ordinal),
        ],
        Finish = "length",
    };

    /// <summary>The same from a server of the days before it said why an answer ended.</summary>
    private static RecordedStream WithoutReason(RecordedStream whole) =>
        whole with { Events = [.. whole.Events.SkipLast(1), whole.Events[^1].Replace("\"done_reason\":\"stop\",", "", StringComparison.Ordinal)], Finish = "" };

    private static RecordedStream Lines() => new(
        ProviderKinds.Ollama,
        OpenAiApis.Chat,
        "application/x-ndjson",
        [
            Line("""{"role":"assistant","content":"The answer "},"done":false}"""),
            Line("""{"role":"assistant","content":"is 42."},"done":false}"""),
            Line("""{"role":"assistant","content":"","tool_calls":[{"function":{"name":"add","arguments":{"a":6,"b":7}}}]},"done":false}"""),
            Line("""{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":1,"load_duration":1,"prompt_eval_count":26,"prompt_eval_duration":1,"eval_count":23,"eval_duration":1}"""),
        ],
        new BilledUsage { InputTokens = 26, OutputTokens = 23 },
        "stop");

    private static string Named(string data) => $"event: {JsonDocument.Parse(data).RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n";

    private static string Line(string rest) => $$"""{"model":"m","created_at":"2026-01-01T00:00:00Z","message":{{rest}}""" + "\n";

    private static string Response(string status, string output, string usage) =>
        $$$"""{"id":"resp_1","object":"response","created_at":1,"status":"{{{status}}}","error":null,"incomplete_details":null,"instructions":null,"max_output_tokens":77,"model":"m","output":{{{output}}},"parallel_tool_calls":true,"previous_response_id":null,"temperature":1.0,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":1.0,"truncation":"disabled","usage":{{{usage}}},"user":null,"metadata":{}}""";
}
