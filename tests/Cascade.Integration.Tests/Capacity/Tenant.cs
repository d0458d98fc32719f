using Cascade.Integration.Tests.Gateway;
using Cascade.TestKit.Processes;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>Callers that spend for one tenant.</summary>
/// <param name="Name">The first segment of its accounts.</param>
/// <param name="Accounts">Its accounts, which its callers share evenly.</param>
/// <param name="Callers">How many there are at each endpoint.</param>
/// <param name="Server">The one server that all of them ask; null for all servers evenly.</param>
internal sealed record Tenant(string Name, IReadOnlyList<ServerAccount> Accounts, int Callers, int? Server = null)
{
    public static Tenant Of(string name, int callers, int accounts = 1, int? server = null) => new(
        name,
        [.. Enumerable.Range(0, accounts).Select(i => new ServerAccount(accounts == 1 ? name : $"{name}/team-{i}", 1_000_000 * StubProvider.CostNanos))],
        callers,
        server);
}
