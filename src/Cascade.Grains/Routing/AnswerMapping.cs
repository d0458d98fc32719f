using System.Collections.Immutable;
using Cascade.Contracts;
using Cascade.Providers.Calling;
using Cascade.Verification;

namespace Cascade.Grains.Routing;

/// <summary>From what a model answered to what its judge and its caller see.</summary>
internal static class AnswerMapping
{
    public static double MeanLogProbability(ModelLogProbabilities? tokens) =>
        tokens is { Content.IsDefaultOrEmpty: false } ? tokens.Content.Average(static token => token.LogProbability) : double.NaN;

    /// <summary>The draft of an attempt, as its judge sees it.</summary>
    public static Draft ToDraft(CascadeRequest request, Attempt attempt, string question, ISecondOpinion secondOpinion) => new()
    {
        Question = question,
        Answer = attempt.Text,
        FinishReason = attempt.FinishReason,
        SchemaJson = request.Format?.SchemaJson,
        WantsJson = request.Format is { Kind: not AnswerFormatKind.Text },
        ToolCalls = [.. attempt.ToolCalls.Select(static call => new DraftToolCall(call.Name, call.ArgumentsJson))],
        ToolDemand = DemandOf(request),
        TokenLogProbabilities = attempt.LogProbabilities is { Content.IsDefaultOrEmpty: false } tokens
            ? [.. tokens.Content.Select(static token => token.LogProbability)]
            : [],
        Refused = attempt.RefusalText.Length > 0,
        SecondOpinion = secondOpinion,
    };

    /// <summary>The reply with everything that the accepted attempt said.</summary>
    /// <param name="reply">The reply so far.</param>
    /// <param name="request">The request.</param>
    /// <param name="attempt">The accepted attempt.</param>
    /// <param name="maxTokens">The most tokens whose log-probabilities are kept.</param>
    public static CascadeReply WithAnswer(CascadeReply reply, CascadeRequest request, Attempt attempt, int maxTokens) => reply with
    {
        Text = attempt.Text,
        FinishReason = attempt.FinishReason,
        Endpoint = attempt.Record.Endpoint,
        ToolCalls =
        [
            .. attempt.ToolCalls.Select(static call => new ToolCall { CallId = call.CallId, Name = call.Name, ArgumentsJson = call.ArgumentsJson }),
        ],
        RefusalText = attempt.RefusalText,
        LogProbabilities = request.TopLogProbabilities is not null && attempt.LogProbabilities is { } tokens ? ToWire(tokens, maxTokens) : null,
    };

    private static ToolDemand DemandOf(CascadeRequest request) => request.Tools.IsDefaultOrEmpty ? new ToolDemand() : new ToolDemand
    {
        Required = request.ToolChoice?.Kind is ToolChoiceKind.Required or ToolChoiceKind.Function,
        Name = request.ToolChoice is { Kind: ToolChoiceKind.Function } choice ? choice.Name : null,
        Several = request.ParallelToolCalls != false,
        Offered = request.ToolChoice?.Kind == ToolChoiceKind.Forbidden
            ? []
            : [.. request.Tools.Select(static tool => new DraftTool(tool.Name, tool.ParametersJson))],
    };

    private static AnswerLogProbabilities ToWire(ModelLogProbabilities tokens, int maxTokens) => new()
    {
        Content = ToWire(tokens.Content, maxTokens),
        Refusal = ToWire(tokens.Refusal, maxTokens),
        Truncated = tokens.Content.Length > maxTokens || tokens.Refusal.Length > maxTokens,
    };

    private static ImmutableArray<TokenLogProbability> ToWire(ImmutableArray<ModelToken> tokens, int maxTokens) =>
    [
        .. tokens.Take(maxTokens).Select(static token => new TokenLogProbability
        {
            Chosen = ToWire(token),
            Top = [.. token.Top.Take(CascadeRequest.MaxTopLogProbabilities).Select(ToWire)],
        }),
    ];

    private static TokenAlternative ToWire(ModelToken token) => new()
    {
        Token = token.Text,
        LogProbability = token.LogProbability,
        Utf8Bytes = token.Utf8Bytes,
    };
}
