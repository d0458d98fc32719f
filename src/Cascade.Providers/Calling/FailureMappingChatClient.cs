using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>
/// Makes every failure a <see cref="ModelCallException"/>. It sits inside the telemetry, so that the provider's own error text, which can
/// repeat the prompt, reaches no trace.
/// </summary>
/// <param name="inner">The client that fails.</param>
/// <param name="time">Dates a word of when to come back.</param>
/// <param name="keepsContent">Whether the telemetry is to have prompts and answers.</param>
internal sealed class FailureMappingChatClient(IChatClient inner, TimeProvider time, bool keepsContent) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is not ModelCallException)
        {
            throw FailureMap.Map(exception, CallScope.Current, time.GetUtcNow());
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var carrier = new UpdateCarrier(keepsContent);
        while (await NextAsync(updates, cancellationToken))
        {
            yield return carrier.Take(updates.Current);
            carrier.Forget();
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CancellationToken cancellationToken)
    {
        try
        {
            return await updates.MoveNextAsync();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception) when (exception is not ModelCallException)
        {
            throw FailureMap.Map(exception, CallScope.Current, time.GetUtcNow());
        }
    }
}
