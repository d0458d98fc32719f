using Cascade.Providers.Calling;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Replay;

/// <summary>
/// Serves what a real model answered when it was recorded, with its real token counts. Options other than the output limit have no effect.
/// Thread-safe. Failures are <see cref="ModelCallException"/>.
/// </summary>
public sealed class ReplayChatClient : IChatClient
{
    private readonly ReplayLibrary _library;
    private readonly string _directory;
    private readonly string _dataSet;
    private readonly string _model;
    private readonly TimeSpan _latency;
    private readonly TimeProvider _time;

    /// <summary>Makes a client. Nothing is read before the first question.</summary>
    /// <param name="config">Which recording.</param>
    /// <param name="model">The recorded model, when the configuration does not name one.</param>
    /// <param name="time">Runs the latency.</param>
    public ReplayChatClient(ReplayConfig config, string model, TimeProvider time)
        : this(config, model, time, new ReplayLibrary())
    {
    }

    internal ReplayChatClient(ReplayConfig config, string model, TimeProvider time, ReplayLibrary library)
    {
        ArgumentNullException.ThrowIfNull(config);
        _library = library;
        _directory = ReplayDirectory.Resolve(config.DataDirectory);
        _dataSet = config.DataSet;
        _model = string.IsNullOrWhiteSpace(config.Model) ? model : config.Model;
        _latency = TimeSpan.FromMilliseconds(config.LatencyMilliseconds);
        _time = time;
    }

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var asked = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
        var (question, answer) = await LookUpAsync(asked, cancellationToken);
        if (_latency > TimeSpan.Zero)
            await Task.Delay(_latency, _time, cancellationToken);
        return Response(question, answer, options?.MaxOutputTokens ?? long.MaxValue);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
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
            return new ChatClientMetadata(ProviderKinds.Replay, providerUri: null, _model);
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private async Task<(ReplayQuestion Question, ReplayAnswer Answer)> LookUpAsync(string asked, CancellationToken cancellationToken)
    {
        try
        {
            var set = await _library.DataSetAsync(_directory, _dataSet, cancellationToken);
            var answers = await _library.AnswersAsync(_directory, _dataSet, _model, cancellationToken);
            if (answers.Count == 0)
                throw NotRecorded("replay-unknown-model", $"{_dataSet} has no texts of the model \"{_model}\".");
            var question = set.Find(asked) ?? throw NotRecorded("replay-unknown-question", $"{_dataSet} does not have this question.");
            var answer = answers.GetValueOrDefault(question.Id)
                ?? throw NotRecorded("replay-unknown-question", $"{_dataSet} has no answer of \"{_model}\" to question {question.Id}.");
            return (question, answer);
        }
        catch (ReplayDataException exception)
        {
            throw new ModelCallException(
                ModelCallStatus.Unreachable, BillingCertainty.NotBilled, "replay-data-missing", exception.Message, exception);
        }
    }

    private ChatResponse Response(ReplayQuestion question, ReplayAnswer answer, long limit)
    {
        var billed = Math.Min(answer.OutputTokens, limit);
        var text = AnswerCut.Cut(answer.Text, answer.OutputTokens, limit);
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text))
        {
            ResponseId = $"replay-{question.Id}",
            ModelId = _model,
            FinishReason = billed < answer.OutputTokens ? ChatFinishReason.Length : ChatFinishReason.Stop,
            Usage = new UsageDetails
            {
                InputTokenCount = answer.InputTokens,
                OutputTokenCount = billed,
                TotalTokenCount = answer.InputTokens + billed,
            },
        };
    }

    private static ModelCallException NotRecorded(string error, string message) =>
        new(ModelCallStatus.RejectedRequest, BillingCertainty.NotBilled, error, message);
}
