using System.Globalization;
using Cascade.Contracts;

namespace Cascade.TestKit.Processes;

/// <summary>An account with one hard cap in the configuration of a <see cref="ServerProcess"/>.</summary>
/// <param name="Name">Its path.</param>
/// <param name="CapNanos">The cap, in nano-dollars.</param>
public sealed record ServerAccount(string Name, long CapNanos)
{
    /// <summary>The window of the cap.</summary>
    public string Window { get; init; } = "total";

    /// <summary>The exposure of batched durability, in nano-dollars; 0 is strict.</summary>
    public long ExposureNanos { get; init; }

    /// <summary>The key that spends for it.</summary>
    public string Key { get; init; } = $"key-of-{Name.Replace('/', '-')}";

    internal IEnumerable<KeyValuePair<string, string>> Settings()
    {
        var path = $"Cascade:Accounts:{Name}";
        yield return new($"{path}:Caps:0:Window", Window);
        yield return new($"{path}:Caps:0:LimitUsd", (CapNanos / 1_000_000_000m).ToString(CultureInfo.InvariantCulture));
        if (ExposureNanos > 0)
        {
            yield return new($"{path}:Durability", "batched");
            yield return new($"{path}:ExposureUsd", (ExposureNanos / 1_000_000_000m).ToString(CultureInfo.InvariantCulture));
        }

        yield return new($"{path}:KeyHashes:0", ApiKeys.Hash(Key));
    }
}
