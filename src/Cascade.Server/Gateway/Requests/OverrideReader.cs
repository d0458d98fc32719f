using System.Globalization;
using System.Text.Json;
using Cascade.Contracts;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>A change of a cap and the budget it is for.</summary>
internal readonly record struct OverrideWish(BudgetKey Budget, CapOverrideRequest Request);

/// <summary>Reads what an operator posts about an override, and tells every problem at once.</summary>
internal static class OverrideReader
{
    private const long MaxSeconds = 366L * 24 * 60 * 60;
    private const long NanosPerDollar = 1_000_000_000;

    private static readonly string[] Known =
        ["account", "endpoint", "id", "end", "window", "mode", "span_seconds", "change_usd", "expires_in_seconds", "author", "reason"];

    public static bool TryRead(ReadOnlyMemory<byte> body, string operation, DateTimeOffset now, out OverrideWish wish, out ApiError? error)
    {
        wish = default;
        error = null;
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException broken)
        {
            error = new ApiError(GatewayErrors.InvalidJson, $"the body is no JSON: {broken.Message}");
            return false;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = new ApiError(GatewayErrors.InvalidJson, "the body must be a JSON object");
                return false;
            }

            var problems = new FieldProblems();
            wish = Read(document.RootElement, operation, now, problems);
            error = problems.Any ? problems.ToError() : null;
            return error is null;
        }
    }

    private static OverrideWish Read(JsonElement root, string operation, DateTimeOffset now, FieldProblems problems)
    {
        foreach (var field in root.EnumerateObject().Where(field => !Known.Contains(field.Name, StringComparer.Ordinal)))
        {
            problems.Add(GatewayErrors.Unknown, field.Name, $"'{field.Name}' is not known here; use {string.Join(", ", Known)}");
        }

        var fields = new JsonFields(root, problems);
        var end = fields.Flag("end") ?? false;
        var request = new CapOverrideRequest
        {
            Operation = new OperationId(operation),
            OverrideId = Required(fields, "id", problems),
            Author = Required(fields, "author", problems),
            Reason = Required(fields, "reason", problems),
            End = end,
        };
        var budget = Budget(fields, problems);
        return new OverrideWish(budget, end ? request : Change(request, fields, now, problems));
    }

    private static CapOverrideRequest Change(CapOverrideRequest request, JsonFields fields, DateTimeOffset now, FieldProblems problems) => request with
    {
        Window = Required(fields, "window", problems),
        Mode = fields.Text("mode") ?? "",
        Span = TimeSpan.FromSeconds(fields.Whole("span_seconds", 60, MaxSeconds) ?? 0),
        ChangeNanos = Nanos(Required(fields, "change_usd", problems), problems),
        ExpiresAt = now + TimeSpan.FromSeconds(Seconds(fields, problems)),
    };

    private static long Seconds(JsonFields fields, FieldProblems problems)
    {
        if (fields.Find("expires_in_seconds") is null)
        {
            problems.Missing("expires_in_seconds", "'expires_in_seconds' is missing; say for how long the change is to hold");
        }

        return fields.Whole("expires_in_seconds", 1, MaxSeconds) ?? 0;
    }

    private static BudgetKey Budget(JsonFields fields, FieldProblems problems)
    {
        var account = Required(fields, "account", problems);
        var endpoint = fields.Text("endpoint") ?? "";
        if (account.Length == 0)
        {
            return default;
        }

        if (!BudgetKey.TryParse(endpoint.Length > 0 ? $"{account}#{endpoint}" : account, out var budget, out var problem))
        {
            problems.Invalid("account", problem);
        }

        return budget;
    }

    private static string Required(JsonFields fields, string name, FieldProblems problems)
    {
        if (fields.Find(name) is not null)
        {
            return fields.Text(name) ?? "";
        }

        problems.Missing(name, $"'{name}' is missing");
        return "";
    }

    private static long Nanos(string text, FieldProblems problems)
    {
        if (text.Length == 0)
        {
            return 0;
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var usd)
            && Math.Abs(usd) <= long.MaxValue / (decimal)NanosPerDollar
            && usd * NanosPerDollar == decimal.Truncate(usd * NanosPerDollar))
        {
            return (long)(usd * NanosPerDollar);
        }

        problems.Invalid("change_usd", $"'change_usd' is '{text}'; write dollars as decimal text with at most 9 places, such as \"5.00\" or \"-2.5\"");
        return 0;
    }
}
