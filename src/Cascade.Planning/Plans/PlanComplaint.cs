using System.Text.Json;
using System.Text.RegularExpressions;

namespace Cascade.Planning.Plans;

/// <summary>Says what the JSON reader could not take in words of the form instead of its types.</summary>
internal static partial class PlanComplaint
{
    private const string Where = "see docs/formats/plan.md";

    public static PlanProblem Of(Exception exception)
    {
        var message = exception.Message.ReplaceLineEndings(" ");
        var named = PathInMessage().Match(message);
        var path = (exception as JsonException)?.Path ?? (named.Success ? named.Groups[1].Value : "$");
        return new PlanProblem(path, Words(message, path));
    }

    private static string Words(string message, string path)
    {
        if (Unknown().Match(message) is { Success: true } unknown)
        {
            return $"'{unknown.Groups[1].Value}' is no member of the form; remove it, {Where}";
        }

        if (Lacking().Match(message) is { Success: true } lacking)
        {
            return $"lacks {lacking.Groups[1].Value.TrimEnd('.')}; give every member, {Where}";
        }

        if (Kind().Match(message) is { Success: true } kind)
        {
            return $"'{kind.Groups[1].Value}' is not a kind that this release knows; use one of {Where}";
        }

        return message switch
        {
            _ when message.Contains("must specify a type discriminator", StringComparison.Ordinal) => $"has no $kind; give one, {Where}",
            _ when message.Contains("Duplicate property", StringComparison.Ordinal) => $"has a member twice ({message}); keep one",
            _ when message.Contains("allow null", StringComparison.Ordinal) => "is null; give a value",
            _ when message.Contains("could not be converted", StringComparison.Ordinal) => $"is of the wrong type or out of range; {Where}",
            _ when path != "$" => $"cannot be read: {message}; {Where}",
            _ => $"is not JSON: {message}",
        };
    }

    [GeneratedRegex(@" Path: (\$\S*) \|")]
    private static partial Regex PathInMessage();

    [GeneratedRegex("^The JSON property '(.*?)' could not be mapped")]
    private static partial Regex Unknown();

    [GeneratedRegex("missing required properties including: (.*?)(?: Path: |$)")]
    private static partial Regex Lacking();

    [GeneratedRegex("unrecognized type discriminator id '(.*?)'")]
    private static partial Regex Kind();
}
