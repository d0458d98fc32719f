using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Cascade.Server.Gateway.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ChatCompletionResponse))]
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelItem))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(BudgetBody))]
[JsonSerializable(typeof(EndpointList))]
[JsonSerializable(typeof(SpendBody))]
[JsonSerializable(typeof(OverrideBody))]
[JsonSerializable(typeof(HealthBody))]
internal sealed partial class GatewayJson : JsonSerializerContext
{
    // Text in other scripts stays readable and short; what HTML could misread is still escaped.
    public static GatewayJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
