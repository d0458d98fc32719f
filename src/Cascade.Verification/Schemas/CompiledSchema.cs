using NJsonSchema;
using NJsonSchema.Validation;

namespace Cascade.Verification;

/// <summary>A schema ready to validate with, or why it is not.</summary>
internal sealed record CompiledSchema(JsonSchema? Schema, JsonSchemaValidatorSettings? Settings, string Problem)
{
    internal static CompiledSchema Invalid(string problem) => new(null, null, problem);
}
