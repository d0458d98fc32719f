using System.Runtime.CompilerServices;
using Cascade.Contracts;
using Microsoft.Extensions.AI;

namespace Cascade.Client;

/// <summary>
/// The cluster as an <see cref="IChatClient"/>. Refusals are thrown as <see cref="CascadeRefusedException"/> or
/// <see cref="BudgetExceededException"/>; input the cluster does not support is refused by name, never dropped.
/// </summary>
/// <remarks>
/// Only committed answers are delivered: a draft that may still be rejected never leaves the cluster. The streaming form delivers an answer that
/// nothing judges as it is made, a judged one in one piece, and then its usage. An answer that breaks off after its first part is thrown as a
/// refusal of status <see cref="CascadeStatus.StreamBroken"/>.
/// </remarks>
public sealed class CascadeChatClient : IChatClient
{
    private readonly ICascadeClient _client;
    private readonly CascadeChatClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates the chat client.</summary>
    /// <param name="client">The way to the cluster; not disposed with this instance.</param>
    /// <param name="options">Who pays and what is asked by default.</param>
    /// <param name="time">Dates the responses.</param>
    public CascadeChatClient(ICascadeClient client, CascadeChatClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentException.ThrowIfNullOrEmpty(options.Account.Value, nameof(options));
        _client = client;
        _options = options;
        _time = time;
        _metadata = new ChatClientMetadata("cascade", defaultModelId: options.DefaultModel);
    }

    /// <inheritdoc />
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = ChatRequestMapper.ToRequest(messages, options, _options);
        var reply = await _client.CompleteAsync(request, cancellationToken);
        return reply.Status switch
        {
            CascadeStatus.Answered => ChatReplyMapper.ToResponse(request.Operation, reply, _time.GetUtcNow()),
            CascadeStatus.Cancelled when cancellationToken.IsCancellationRequested => throw new OperationCanceledException(cancellationToken),
            _ => throw CascadeRefusedException.FromReply(reply),
        };
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages,
        ChatOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var request = ChatRequestMapper.ToRequest(messages, options, _options);
        var endpoint = default(EndpointId);
        await foreach (var update in _client.StreamAsync(request, cancellationToken))
        {
            switch (update)
            {
                case { Kind: CascadeUpdateKind.Committed }:
                    endpoint = update.Endpoint;
                    break;
                case { Kind: CascadeUpdateKind.Text }:
                    yield return ChatReplyMapper.ToUpdate(request.Operation, endpoint, update.Text, _time.GetUtcNow());
                    break;
                case { Reply: { Status: CascadeStatus.Answered } reply }:
                    if (ChatReplyMapper.ToRestUpdate(request.Operation, reply, _time.GetUtcNow()) is { } rest)
                    {
                        yield return rest;
                    }

                    yield return ChatReplyMapper.ToLastUpdate(request.Operation, reply, _time.GetUtcNow());
                    break;
                case { Reply.Status: CascadeStatus.Cancelled } when cancellationToken.IsCancellationRequested:
                    throw new OperationCanceledException(cancellationToken);
                case { Reply: { } refusal }:
                    throw CascadeRefusedException.FromReply(refusal);
            }
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_client) ? _client
            : null;
    }

    /// <summary>Does nothing: the way to the cluster belongs to whoever made it.</summary>
    public void Dispose()
    {
    }
}
