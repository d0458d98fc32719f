using System.Text.Json;
using System.Text.Json.Serialization;

using Orleans.Storage;

namespace Cascade.Storage;

/// <summary>
/// Writes grain state as plain JSON that a person can read: camelCase names in the order of declaration, enums by name, no nulls, no type
/// names. The same state always gives the same bytes.
/// </summary>
public sealed class StateSerializer : IGrainStorageSerializer
{
    /// <summary>The JSON rules of stored state.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <inheritdoc />
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, Options));

    /// <inheritdoc />
    /// <exception cref="JsonException">The stored document is not the JSON of this type, or is empty.</exception>
    public T Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return JsonSerializer.Deserialize<T>(input.ToMemory().Span, Options)
            ?? throw new JsonException($"The stored document of {typeof(T)} is null.");
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // A name that is not known was written by a newer version: dropping it silently on the next write would lose state.
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
        };
        options.Converters.Add(new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
