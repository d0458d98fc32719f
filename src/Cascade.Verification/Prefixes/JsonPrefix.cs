using System.Text;
using System.Text.Json;
using NJsonSchema;

namespace Cascade.Verification;

/// <summary>Notices that a text is no beginning of the JSON that is wanted: not JSON, another kind of value, or a property that the schema forbids.</summary>
internal sealed class JsonPrefix(JsonSchema? schema, VerifierLimits limits) : IPrefixCheck
{
    private readonly Encoder _utf8 = Encoding.UTF8.GetEncoder();
    private readonly bool _wantsObject = schema is null || schema.ActualSchema.Type == JsonObjectType.Object;
    private readonly HashSet<string>? _allowed = Closed(schema);
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = limits.MaxJsonDepth });
    private byte[] _rest = [];
    private int _chars;
    private bool _begun;
    private string? _found;

    public string? Add(string text)
    {
        _chars += text.Length;

        // The whole would be too large to judge, which is no opinion and not a 0.
        return _found ??= _chars > limits.MaxAnswerChars ? null : Read(text);
    }

    // A half of a letter waits in the encoder for its other half, a token in _rest for its end.
    private string? Read(string text)
    {
        var bytes = new byte[_rest.Length + Encoding.UTF8.GetMaxByteCount(text.Length + 1)];
        _rest.CopyTo(bytes, 0);
        var length = _rest.Length + _utf8.GetBytes(text, bytes.AsSpan(_rest.Length), flush: false);
        var reader = new Utf8JsonReader(bytes.AsSpan(0, length), isFinalBlock: false, _state);
        try
        {
            while (reader.Read())
            {
                if (Problem(ref reader) is { } problem)
                {
                    return problem;
                }
            }
        }
        catch (JsonException)
        {
            return EvidenceCodes.NotJson;
        }

        _state = reader.CurrentState;
        _rest = bytes[(int)reader.BytesConsumed..length];
        return null;
    }

    private string? Problem(ref Utf8JsonReader reader)
    {
        if (!_begun)
        {
            _begun = true;
            return !_wantsObject || reader.TokenType == JsonTokenType.StartObject ? null
                : schema is null ? EvidenceCodes.NotJsonObject : EvidenceCodes.SchemaMismatch;
        }

        return reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && _allowed?.Contains(reader.GetString()!) == false
            ? EvidenceCodes.SchemaMismatch
            : null;
    }

    // Only what the root says plainly is used; everything else is left to the judge of the whole.
    private static HashSet<string>? Closed(JsonSchema? schema) =>
        schema?.ActualSchema is { AllowAdditionalProperties: false, Type: JsonObjectType.Object } root
        && root.PatternProperties.Count == 0 && root.AllOf.Count + root.AnyOf.Count + root.OneOf.Count == 0
            ? [.. root.Properties.Keys]
            : null;
}
