using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema.Validation.FormatValidators;

namespace Cascade.Verification;

/// <summary>
/// Checks one <c>pattern</c> of a schema in linear time. The schema comes from a caller and the text from a model, so the backtracking
/// engine that the schema library uses would let a pattern such as <c>(a+)+$</c> stop the process.
/// </summary>
internal sealed class PatternValidator(string format, Regex pattern) : IFormatValidator
{
    public string Format => format;

    public NJsonSchema.Validation.ValidationErrorKind ValidationErrorKind => NJsonSchema.Validation.ValidationErrorKind.PatternMismatch;

    public bool IsValid(string value, JTokenType tokenType) => pattern.IsMatch(value);
}
