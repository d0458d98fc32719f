using System.Diagnostics;
using Cascade.Providers.OpenAi;

namespace Cascade.Providers.Transport;

/// <summary>The one connection pool of all providers, and what every call goes through on its way there.</summary>
internal sealed class ProviderTransport : IDisposable
{
    /// <summary>The largest answer that is read. A million tokens is about 4 MB, so no honest answer comes near it.</summary>
    private const long LargestResponseBytes = 32 * 1024 * 1024;

    private readonly AttemptHandler _handler;

    /// <summary>Makes the transport; over another way than the network for a test that gives one.</summary>
    public ProviderTransport(HttpMessageHandler? way = null)
    {
        // The caller's timeout is the only one, and a redirect would carry prompt and key to somebody who was not configured.
        _handler = new AttemptHandler(
            way ?? new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),

                // Trace baggage can name a tenant, and a provider is a third party.
                ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            },
            LargestResponseBytes);
        Client = new HttpClient(_handler, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>For SDKs that sign in a pipeline of their own.</summary>
    public HttpClient Client { get; }

    /// <summary>For SDKs that leave signing to us.</summary>
    public HttpClient Signed(IApiKeySource? key, KeyHeader header) =>
        new(new KeyHandler(key, header, _handler), disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }
}
