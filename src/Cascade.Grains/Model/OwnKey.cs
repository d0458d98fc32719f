using Cascade.Contracts;
using Cascade.Providers.Calling;

namespace Cascade.Grains.Model;

/// <summary>A key that an account brings for endpoints.</summary>
/// <param name="Account">The account that it is configured at, or of which the template is below.</param>
/// <param name="Key">Where it is.</param>
public sealed record OwnKey(AccountId Account, ProviderKey Key);
