namespace Cascade.Client;

/// <summary>Names of the additional properties that <see cref="CascadeChatClient"/> reads from options and writes to responses.</summary>
public static class CascadeProperties
{
    /// <summary>In options: the account that pays for this request, as text, in place of the client's own.</summary>
    public const string Account = "cascade.account";

    /// <summary>In options: the name of this request, as text of at most 100 characters; made up when not given.</summary>
    public const string OperationId = "cascade.operation_id";

    /// <summary>In options: how many alternatives of each token to report with its log-probability, 0 to 20 (<see cref="int"/>); none are asked for when not given.</summary>
    public const string TopLogProbabilities = "cascade.top_log_probabilities";

    /// <summary>In options: what is passed on to the provider as it is (<see cref="Cascade.Contracts.ProviderFields"/>).</summary>
    public const string ProviderFields = "cascade.provider_fields";

    /// <summary>In options: labels for the request's trace (<see cref="IReadOnlyDictionary{TKey, TValue}"/> of text by text).</summary>
    public const string Labels = "cascade.labels";

    /// <summary>In options: which endpoints may be called (<see cref="Cascade.Contracts.EndpointFilter"/>); all that the account may use when not given.</summary>
    public const string Allow = "cascade.allow";

    /// <summary>In options: how urgent the request is (<see cref="Cascade.Contracts.RequestPriority"/>); as urgent as the account's may be when not given.</summary>
    public const string Priority = "cascade.priority";

    /// <summary>In responses: how sure the model was, token by token (<see cref="Cascade.Contracts.AnswerLogProbabilities"/>); absent when it does not say.</summary>
    public const string LogProbabilities = "cascade.log_probabilities";

    /// <summary>In responses: the cost of every attempt, in nano-dollars (<see cref="long"/>).</summary>
    public const string CostNanos = "cascade.cost_nanos";

    /// <summary>In responses: whether a judgment made a stronger model answer (<see cref="bool"/>).</summary>
    public const string Escalated = "cascade.escalated";

    /// <summary>In responses: whether the budget made the answer weaker or shorter than the policy wanted (<see cref="bool"/>).</summary>
    public const string BudgetLimited = "cascade.budget_limited";

    /// <summary>In responses: how many provider calls there were (<see cref="int"/>).</summary>
    public const string Attempts = "cascade.attempts";

    /// <summary>In responses: the trace of the request, 32 hexadecimal digits.</summary>
    public const string TraceId = "cascade.trace_id";
}
