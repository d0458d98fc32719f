using System.Globalization;
using Cascade.TestKit.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cascade.Benchmarks.Streams;

/// <summary>
/// The least that a stream through a web server takes: a connection in, a connection out, and bytes that are passed on as they come. A process of its own,
/// to compare with.
/// </summary>
internal static class BareRelay
{
    private const string HeapPath = "/heap";

    /// <summary>Is the relay, until the process is ended.</summary>
    /// <param name="args">Where it listens and where it passes requests on to.</param>
    internal static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(args[0]);
        await using var app = builder.Build();
        using var upstream = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        app.MapPost("/v1/chat/completions", http => PassAsync(http, upstream, args[1]));
        app.MapGet(HeapPath, static () => GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
        await app.RunAsync();
        return 0;
    }

    /// <summary>Starts one.</summary>
    /// <param name="address">Where it is to listen.</param>
    /// <param name="provider">Where it passes requests on to.</param>
    internal static ChildProcess Start(Uri address, Uri provider) =>
        ChildProcess.StartDotnet(typeof(BareRelay).Assembly.Location, ["relay", address.GetLeftPart(UriPartial.Authority), provider.GetLeftPart(UriPartial.Authority)]);

    /// <summary>What is alive in a relay's heap, in bytes; null while it does not listen.</summary>
    internal static async Task<long?> HeapAsync(HttpClient http, Uri address)
    {
        try
        {
            return long.Parse(await http.GetStringAsync(new Uri(address, HeapPath)), CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task PassAsync(HttpContext http, HttpClient upstream, string to)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        using var request = new HttpRequestMessage(HttpMethod.Post, to + http.Request.Path) { Content = new ByteArrayContent(body.ToArray()) };
        using var response = await upstream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        http.Response.ContentType = "text/event-stream";
        await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
