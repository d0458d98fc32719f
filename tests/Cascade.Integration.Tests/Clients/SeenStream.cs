using System.Text;
using OpenAI.Chat;

namespace Cascade.Integration.Tests.Clients;

/// <summary>What OpenAI's client for .NET saw of a stream.</summary>
internal sealed class SeenStream
{
    private readonly List<(string Id, string Name, StringBuilder Arguments)> _calls = [];

    /// <summary>The pieces of the text, as they came.</summary>
    public List<string> Texts { get; } = [];

    /// <summary>The calls of tools, put together.</summary>
    public IReadOnlyList<(string Id, string Name, string Arguments)> Calls => [.. _calls.Select(call => (call.Id, call.Name, call.Arguments.ToString()))];

    public string Refusal { get; private set; } = "";

    /// <summary>The log-probabilities of the text's tokens and of the likeliest others.</summary>
    public List<string> Tokens { get; } = [];

    public ChatFinishReason? Finish { get; private set; }

    public (int Input, int Output, int Total)? Usage { get; private set; }

    public static async Task<SeenStream> OfAsync(ChatClient client, (ChatMessage[] Messages, ChatCompletionOptions Options) question, CancellationToken cancellationToken)
    {
        var seen = new SeenStream();
        await foreach (var update in client.CompleteChatStreamingAsync(question.Messages, question.Options, cancellationToken))
        {
            seen.Add(update);
        }

        return seen;
    }

    private void Add(StreamingChatCompletionUpdate update)
    {
        Texts.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text is { Length: > 0 }));
        Refusal += update.RefusalUpdate;
        Finish = update.FinishReason ?? Finish;
        Usage = update.Usage is { } usage ? (usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount) : Usage;
        Tokens.AddRange(update.ContentTokenLogProbabilities.Select(
            token => $"{token.Token} {token.LogProbability} {string.Join(',', token.TopLogProbabilities.Select(top => $"{top.Token} {top.LogProbability}"))}"));
        foreach (var piece in update.ToolCallUpdates)
        {
            if (piece.Index == _calls.Count)
            {
                _calls.Add((piece.ToolCallId, piece.FunctionName, new StringBuilder()));
            }

            _calls[piece.Index].Arguments.Append(piece.FunctionArgumentsUpdate);
        }
    }
}
