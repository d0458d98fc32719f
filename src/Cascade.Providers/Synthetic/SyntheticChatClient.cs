using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Synthetic;

/// <summary>
/// A solver of <see cref="SyntheticProblems"/> behind the face of a model: no key, no data, no network. Its model id starts with
/// <c>synthetic/</c>, so that nobody takes its answers for a model's. Thread-safe.
/// </summary>
public sealed class SyntheticChatClient : IChatClient
{
    private const string NotAProblem = "I am a synthetic stand-in for a model and can only solve the made-up word problems of this project.";

    private readonly SyntheticSolver _solver;
    private readonly string _modelId;
    private readonly TimeSpan _latency;
    private readonly TimeProvider _time;

    /// <summary>Makes a solver.</summary>
    /// <param name="config">Which solver, and how often it errs.</param>
    /// <param name="time">Runs the latency.</param>
    public SyntheticChatClient(SyntheticConfig config, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(config);
        _solver = new SyntheticSolver(config.Solver, config.ToErrorRate(), config.Seed);
        _modelId = $"synthetic/{config.Solver}";
        _latency = TimeSpan.FromMilliseconds(config.LatencyMilliseconds);
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        cancellationToken.ThrowIfCancellationRequested();
        var conversation = messages.ToArray();
        if (_latency > TimeSpan.Zero)
            await Task.Delay(_latency, _time, cancellationToken);

        var asked = conversation.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        return Response(conversation.Sum(message => WordTokens.Count(message.Text)), _solver.Answer(asked) ?? NotAProblem, options?.MaxOutputTokens);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return new ChatClientMetadata(ProviderKinds.Synthetic, providerUri: null, _modelId);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private ChatResponse Response(long input, string answer, int? limit)
    {
        var whole = WordTokens.Count(answer);
        var billed = Math.Min(whole, limit ?? long.MaxValue);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, AnswerCut.Cut(answer, whole, billed)))
        {
            ModelId = _modelId,
            FinishReason = billed < whole ? ChatFinishReason.Length : ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = input, OutputTokenCount = billed, TotalTokenCount = input + billed },
        };
    }
}
