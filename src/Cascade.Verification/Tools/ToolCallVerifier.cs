using System.Text.Json;

namespace Cascade.Verification;

/// <summary>
/// Judges tool calls by their shape: 1 when every call names a tool that was offered and its arguments match the tool's schema, 0 when one does
/// not, or when a call was demanded and there is none. No opinion on an answer in text that was not asked to be a call, or when a schema cannot
/// be used. Whether the call is a good idea is not judged.
/// </summary>
public sealed class ToolCallVerifier : IVerifier
{
    private readonly VerifierLimits _limits;
    private readonly SchemaCache _schemas;

    /// <summary>Creates the judge.</summary>
    /// <param name="limits">Sizes; the defaults when null.</param>
    public ToolCallVerifier(VerifierLimits? limits = null)
    {
        _limits = limits ?? new VerifierLimits();
        _schemas = new SchemaCache(_limits);
    }

    /// <inheritdoc />
    public string Name => VerifierKinds.ToolCall;

    /// <inheritdoc />
    public ValueTask<Verdict> VerifyAsync(Draft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return ValueTask.FromResult(Judge(draft));
    }

    private Verdict Judge(Draft draft)
    {
        if (!draft.CallsTools)
        {
            return draft.ToolDemand.Required
                ? Verdicts.Of(Name, 0, EvidenceCodes.ToolCallMissing)
                : Verdicts.Of(Name, double.NaN);
        }

        var evidence = draft.ToolCalls.Select(call => Problem(call, draft.ToolDemand)).Append(CountProblem(draft))
            .OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var score = evidence.Length == 0 ? 1 : evidence.All(IsUnjudged) ? double.NaN : 0;
        return Verdicts.Of(Name, score, evidence);
    }

    private static bool IsUnjudged(string code) => code is EvidenceCodes.TooLarge or EvidenceCodes.SchemaInvalid;

    private static string? CountProblem(Draft draft) =>
        draft is { ToolCalls.Length: > 1, ToolDemand.Several: false } ? EvidenceCodes.ToolCallsTooMany : null;

    private string? Problem(DraftToolCall call, ToolDemand demand)
    {
        var tool = demand.Offered.FirstOrDefault(offered => offered.Name == call.Name);
        if (tool is null)
        {
            return EvidenceCodes.ToolUnknown;
        }

        if (demand.Name is { } wanted && wanted != call.Name)
        {
            return EvidenceCodes.ToolNotDemanded;
        }

        if (call.ArgumentsJson.Length > _limits.MaxAnswerChars)
        {
            return EvidenceCodes.TooLarge;
        }

        // Models leave the arguments of a tool that takes none empty, and every client reads that as none.
        var arguments = tool.SchemaJson is null && string.IsNullOrWhiteSpace(call.ArgumentsJson) ? "{}" : call.ArgumentsJson;
        return IsObject(arguments) ? Mismatch(arguments, tool.SchemaJson) : EvidenceCodes.ToolArgumentsNotJson;
    }

    private string? Mismatch(string arguments, string? schema)
    {
        if (schema is null)
        {
            return null;
        }

        var compiled = _schemas.Get(schema);
        if (compiled.Schema is null)
        {
            return EvidenceCodes.SchemaInvalid;
        }

        return compiled.Schema.Validate(arguments, compiled.Settings).Count == 0 ? null : EvidenceCodes.ToolArgumentsMismatch;
    }

    private bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments, new JsonDocumentOptions { MaxDepth = _limits.MaxJsonDepth });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
