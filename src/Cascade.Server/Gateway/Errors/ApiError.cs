using Cascade.Contracts;

namespace Cascade.Server.Gateway.Errors;

/// <summary>An error on its way to the caller.</summary>
internal sealed record ApiError(ErrorKind Kind, string Message)
{
    public string? Param { get; init; }

    public BudgetRefusal? Refusal { get; init; }

    /// <summary>When the cluster says to come back; null leaves it to the kind.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public static ApiError FromReply(CascadeReply reply)
    {
        var kind = StatusMap.Find(reply.Status);
        return reply switch
        {
            { Status: CascadeStatus.InsufficientQuota, Refusal: { } refusal } => new ApiError(kind, Describe(refusal)) { Refusal = refusal },
            { Status: CascadeStatus.UnknownModel } => new ApiError(kind, OrDefault(reply)) { Param = "model" },
            { Status: CascadeStatus.NotAllowed } => new ApiError(kind, OrDefault(reply)) { Param = "model" },
            { Status: CascadeStatus.UnpricedModel } => new ApiError(kind, OrDefault(reply)) { Param = "model" },
            { Status: CascadeStatus.InvalidRequest } => new ApiError(kind, OrDefault(reply)) { Param = FieldOf(reply.Problem) },
            _ => new ApiError(kind, OrDefault(reply)) { RetryAfter = reply.RetryAfter },
        };
    }

    // The silo writes its problems as 'field: what is wrong'.
    private static string? FieldOf(string problem)
    {
        var field = problem.AsSpan(0, Math.Max(0, problem.IndexOf(": ", StringComparison.Ordinal)));
        foreach (var letter in field)
        {
            if (!char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('_' or '.' or '[' or ']'))
            {
                return null;
            }
        }

        return field.IsEmpty ? null : field.ToString();
    }

    private static string OrDefault(CascadeReply reply) =>
        reply.Problem.Length > 0 ? reply.Problem : $"the request ended as {reply.Status} and has no answer";

    private static string Describe(BudgetRefusal refusal)
    {
        var standing = $"account '{refusal.Account}' has {UsdText.Format(refusal.RemainingNanos)} USD left of its {refusal.Window} cap "
            + (refusal.Endpoint.Length > 0 ? $"for calls to '{refusal.Endpoint}' " : "") + $"of {UsdText.Format(refusal.CapNanos)} USD and the request needs {UsdText.Format(refusal.NeededNanos)} USD; ";
        return standing + refusal switch
        {
            { ResetsAt: { } at } when refusal.NeededNanos <= refusal.CapNanos => $"wait until the window resets at {at:O} or raise the cap",
            { ResetsAt: { } at } => $"the window resets at {at:O}, but the request needs more than the whole cap: ask for less output or raise the cap",
            _ => "the window never resets: raise the cap",
        };
    }
}
