using System.Security.Cryptography;
using Cascade.Contracts;

namespace Cascade.Client;

/// <summary>Who pays and what is asked when a request does not say so itself.</summary>
public sealed class CascadeChatClientOptions
{
    /// <summary>The account that pays, unless a request names another under <see cref="CascadeProperties.Account"/>.</summary>
    public required AccountId Account { get; init; }

    /// <summary>The route or endpoint that is asked, unless a request names another as its model; null makes every request name one.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Makes the names of requests; each must be new. The default takes 96 random bits.</summary>
    public Func<OperationId> NewOperationId { get; init; } =
        static () => new OperationId("op-" + RandomNumberGenerator.GetHexString(24, lowercase: true));
}
