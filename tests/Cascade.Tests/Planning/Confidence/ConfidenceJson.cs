using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cascade.Tests.Planning.Confidence;

/// <summary>Policies and scores as plain JSON of their own type.</summary>
internal static class ConfidenceJson
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    public static object Read(string json, Type type) => JsonSerializer.Deserialize(json, type, Options)!;
}
