using Microsoft.Extensions.AI;

namespace Cascade.Providers.Calling;

/// <summary>
/// Makes every failure a <see cref="ModelCallException"/>. It sits inside the telemetry, so that the provider's own error text, which can
/// repeat the prompt, reaches no trace.
/// </summary>
internal sealed class FailureMappingChatClient(IChatClient inner, TimeProvider time) : DelegatingChatClient(inner)
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
}
