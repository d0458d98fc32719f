using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cascade.Tests.Evaluation;

/// <summary>JSON in which NaN and infinite numbers have names, to compare whole results with.</summary>
internal static class JsonNumbers
{
    public static JsonSerializerOptions Options { get; } = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
}
