using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Cascade.TestKit.Processes;
using Cascade.TestKit.Providers;

namespace Cascade.Integration.Tests.Capacity;

/// <summary>Callers that ask again as soon as they are answered, and wait as long as it takes, until they are stopped.</summary>
internal sealed class PatientCallers : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, int> _refusals = new();
    private readonly CancellationTokenSource _stopping;
    private readonly HttpClient[] _clients;
    private readonly Task _callers;

    public PatientCallers(
        IReadOnlyList<ServerProcess> servers, IReadOnlyList<Tenant> tenants, IReadOnlyList<string> models, CancellationToken cancellationToken)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _clients = [.. servers.Select(static s => new HttpClient { BaseAddress = s.Address, Timeout = Timeout.InfiniteTimeSpan })];
        _callers = Task.WhenAll(models.SelectMany(_ => tenants, (model, tenant) => (model, tenant))
            .SelectMany(each => Enumerable.Range(0, each.tenant.Callers).Select(i => AskOnAsync(each.tenant, i, each.model))));
    }

    /// <summary>Every answer that was none, and how often.</summary>
    public IReadOnlyDictionary<string, int> Refusals => _refusals;

    /// <summary>Whose call one is, as the provider sees it.</summary>
    public static string TenantOf(StubRequest request) => request.Messages[^1].Text.Split(' ')[0];

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _callers;
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        _stopping.Dispose();
    }

    private async Task AskOnAsync(Tenant tenant, int caller, string model)
    {
        var client = _clients[tenant.Server ?? (caller % _clients.Length)];
        var account = tenant.Accounts[caller % tenant.Accounts.Count];
        using var pause = new PeriodicTimer(Pause);
        try
        {
            while (true)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
                {
                    Content = JsonContent.Create(new { model, messages = new[] { new { role = "user", content = $"{tenant.Name} asks" } } }),
                };
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", account.Key);
                using var response = await client.SendAsync(request, _stopping.Token);
                if (response.IsSuccessStatusCode)
                    continue;
                _refusals.AddOrUpdate(await response.Content.ReadAsStringAsync(_stopping.Token), 1, static (_, count) => count + 1);
                await pause.WaitForNextTickAsync(_stopping.Token);
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Whatever a request says that is cut off.
        }
    }
}
