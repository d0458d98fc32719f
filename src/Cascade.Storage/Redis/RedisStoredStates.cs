using System.Runtime.CompilerServices;
using System.Text;

using Cascade.Storage.Ledger;

using StackExchange.Redis;

namespace Cascade.Storage.Redis;

/// <summary>Reads the hashes that the grain storage provider writes: <c>{ServiceId}/state/TYPE/KEY/NAME</c>, document in the field <c>data</c>.</summary>
/// <remarks>Listing keys walks over every key of the server, so it is for an operator's command or a rare sweep, and not for a request.</remarks>
internal sealed class RedisStoredStates(IConnectionMultiplexer connection, StorageConfig config) : IStoredStates
{
    private const string DocumentField = "data";
    private const int Page = 1_024;

    public async IAsyncEnumerable<string> KeysAsync(
        string grainType, string state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (before, after) = ($"{config.ServiceId}/state/{grainType}/", $"/{state}");
        foreach (var server in connection.GetServers().Where(s => s is { IsConnected: true, IsReplica: false }))
        {
            var keys = server.KeysAsync(pattern: $"{Escape(before)}*{Escape(after)}", pageSize: Page).GetAsyncEnumerator(cancellationToken);
            await using (keys)
            {
                while (await RedisLedgerLog.AskAsync("", "list", keys.MoveNextAsync().AsTask(), cancellationToken))
                    yield return keys.Current.ToString()[before.Length..^after.Length];
            }
        }
    }

    public async Task<BinaryData?> ReadAsync(string grainType, string key, string state, CancellationToken cancellationToken)
    {
        var hash = $"{config.ServiceId}/state/{grainType}/{key}/{state}";
        var document = await RedisLedgerLog.AskAsync(
            key, "read state", connection.GetDatabase().HashGetAsync(hash, DocumentField), cancellationToken);
        return document.IsNullOrEmpty ? null : new BinaryData((byte[])document!);
    }

    /// <summary>Takes the special meaning in a pattern from what an operator put into a name.</summary>
    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
            escaped.Append(c is '*' or '?' or '[' or ']' or '\\' or '^' ? $"\\{c}" : c.ToString());
        return escaped.ToString();
    }
}
