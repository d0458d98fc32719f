using System.Text.Json;

namespace Cascade.Verification;

/// <summary>
/// Holds an answer to the JSON that the caller asked for: 1 when it matches, 0 when it does not. No opinion when the caller asked for no JSON,
/// or its schema cannot be used. The answer must be the JSON itself: one in a code fence does not parse for the caller either.
/// </summary>
public sealed class JsonSchemaVerifier : IVerifier, IPrefixVerifier
{
    private readonly VerifierLimits _limits;
    private readonly SchemaCache _schemas;

    /// <summary>Creates the judge.</summary>
    /// <param name="limits">Sizes; the defaults when null.</param>
    public JsonSchemaVerifier(VerifierLimits? limits = null)
    {
        _limits = limits ?? new VerifierLimits();
        _schemas = new SchemaCache(_limits);
    }

    /// <inheritdoc />
    public string Name => VerifierKinds.JsonSchema;

    internal int CachedSchemas => _schemas.Count;

    /// <inheritdoc />
    public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return ValueTask.FromResult(Judge(draft));
    }

    /// <inheritdoc />
    public IPrefixCheck? Begin(PrefixContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.SchemaJson is null)
        {
            return context.WantsJson ? new JsonPrefix(schema: null, _limits) : null;
        }

        return _schemas.Get(context.SchemaJson).Schema is { } schema ? new JsonPrefix(schema, _limits) : null;
    }

    private Verdict Judge(Draft draft)
    {
        if (draft.CallsTools)
        {
            return Verdicts.Of(Name, double.NaN);
        }

        if (draft.SchemaJson is null)
        {
            return draft.WantsJson ? JudgeObject(draft.Answer) : Verdicts.Of(Name, double.NaN);
        }

        var compiled = _schemas.Get(draft.SchemaJson);
        if (compiled.Schema is null)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.SchemaInvalid);
        }

        var problem = Read(draft.Answer, out _);
        if (problem is not null)
        {
            return problem;
        }

        return compiled.Schema.Validate(draft.Answer, compiled.Settings).Count == 0
            ? Verdicts.Of(Name, 1)
            : Verdicts.Of(Name, 0, EvidenceCodes.SchemaMismatch);
    }

    private Verdict JudgeObject(string answer) => Read(answer, out var kind) ?? (kind == JsonValueKind.Object
        ? Verdicts.Of(Name, 1)
        : Verdicts.Of(Name, 0, EvidenceCodes.NotJsonObject));

    private Verdict? Read(string answer, out JsonValueKind kind)
    {
        kind = JsonValueKind.Undefined;
        if (answer.Length > _limits.MaxAnswerChars)
        {
            return Verdicts.Of(Name, double.NaN, EvidenceCodes.TooLarge);
        }

        try
        {
            using var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = _limits.MaxJsonDepth });
            kind = document.RootElement.ValueKind;
            return null;
        }
        catch (JsonException)
        {
            return Verdicts.Of(Name, 0, EvidenceCodes.NotJson);
        }
    }
}
