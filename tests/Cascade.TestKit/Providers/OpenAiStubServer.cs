using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Cascade.Providers.Calling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cascade.TestKit.Providers;

/// <summary>
/// A provider on 127.0.0.1 that speaks OpenAI's chat completions over real HTTP, answers with any chat client, keeps its own bill, and
/// fails on demand. It bills at the moment it starts to answer, as a provider does, whether or not anybody still listens.
/// </summary>
public sealed class OpenAiStubServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IReadOnlyDictionary<string, IChatClient> _models;
    private readonly OpenAiStubOptions _options;
    private readonly StubLedger _ledger;
    private readonly ConcurrentQueue<StubFault> _faults = new();
    private readonly ConcurrentQueue<StubVisit> _visits = new();
    private readonly ConcurrentQueue<string> _abandoned = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private int _index = -1;

    private OpenAiStubServer(WebApplication app, IReadOnlyDictionary<string, IChatClient> models, OpenAiStubOptions options)
    {
        (_app, _models, _options) = (app, models, options);
        _ledger = new StubLedger(options.LedgerFile);
    }

    /// <summary>Where the server is, without a path.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>The address that clients are configured with.</summary>
    public string BaseUrl => new Uri(Address, "/v1").ToString();

    /// <summary>All bills so far, in the order they were written.</summary>
    public IReadOnlyList<StubBill> Bills => _ledger.Bills;

    /// <summary>All requests that could be read so far.</summary>
    public IReadOnlyList<StubRequest> Requests => [.. _visits.Select(static visit => visit.Request)];

    /// <summary>The same requests with when they came and when they ended, in the order they were read.</summary>
    public IReadOnlyList<StubVisit> Visits => [.. _visits];

    /// <summary>The time on the clock of <see cref="Visits"/>: since the server was made.</summary>
    public TimeSpan Now => TimeProvider.System.GetElapsedTime(_began);

    /// <summary>The attempt ids of requests whose client went away before their answer had ended, as the server saw it.</summary>
    public IReadOnlyList<string> Abandoned => [.. _abandoned];

    /// <summary>Requests being served now.</summary>
    public int InFlight { get; private set; }

    /// <summary>The most requests that were ever served at once.</summary>
    public int MaxInFlight { get; private set; }

    /// <summary>Starts a server whose models are all the same client.</summary>
    public static Task<OpenAiStubServer> StartAsync(IChatClient client, OpenAiStubOptions? options = null) =>
        StartAsync(new Dictionary<string, IChatClient> { ["*"] = client }, options);

    /// <summary>Starts a server with a client for each model; <c>*</c> answers for every other one.</summary>
    public static async Task<OpenAiStubServer> StartAsync(IReadOnlyDictionary<string, IChatClient> models, OpenAiStubOptions? options = null)
    {
        options ??= new OpenAiStubOptions();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        var app = builder.Build();
        var server = new OpenAiStubServer(app, models, options);
        app.MapPost("/{**path}", server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Reads the bills that a server, perhaps of another process, has appended to a file.</summary>
    public static IReadOnlyList<StubBill> ReadLedger(string path) => StubLedger.Read(path);

    /// <summary>Makes the next request without a fault go wrong. Faults are used in the order they are queued.</summary>
    public void Enqueue(StubFault fault) => _faults.Enqueue(fault);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _ledger.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(HttpContext http)
    {
        var arrivedAt = Now;
        Count(1);
        StubVisit? visit = null;
        try
        {
            if (http.Request.Path.Value?.EndsWith("/chat/completions", StringComparison.Ordinal) != true)
            {
                await StubDelivery.WriteAsync(http, StatusCodes.Status404NotFound, """{"error":{"message":"no such path"}}""");
                return;
            }

            var body = await new StreamReader(http.Request.Body, Encoding.UTF8).ReadToEndAsync(http.RequestAborted);
            var request = StubWire.Read(http.Request, body, Interlocked.Increment(ref _index));
            if (request is null)
            {
                await StubDelivery.WriteAsync(http, StatusCodes.Status400BadRequest, """{"error":{"message":"not a chat completion request"}}""");
                return;
            }

            _visits.Enqueue(visit = new StubVisit(request, arrivedAt));
            await AnswerAsync(http, visit, _faults.TryDequeue(out var fault) ? fault : _options.Fault(request));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || _stopping.IsCancellationRequested)
        {
            if (visit is not null && !_stopping.IsCancellationRequested)
                _abandoned.Enqueue(visit.Request.AttemptId);
            http.Abort();
        }
        finally
        {
            visit?.End(Now);
            Count(-1);
        }
    }

    private async Task AnswerAsync(HttpContext http, StubVisit visit, StubFault? fault)
    {
        var request = visit.Request;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        switch (fault)
        {
            case StubFault.Status status:
                foreach (var (name, value) in status.Headers)
                    http.Response.Headers[name] = value;
                await StubDelivery.WriteAsync(http, status.Code, status.Body);
                return;
            case StubFault.AbortBeforeBilling:
                http.Abort();
                return;
            case StubFault.WaitBeforeBilling wait:
                await wait.Release.WaitAsync(gone.Token);
                break;
        }

        if (await AskAsync(http, request, gone.Token) is not { } response)
            return;
        var bill = Bill(request, response, fault);
        if (request.Streams && fault is null or { IsForStreams: true })
        {
            await StreamAsync(http, new StubStream(request, response, bill, fault, _options), gone.Token);
            return;
        }

        _ledger.Add(bill);

        // Before the caller can know: its next request may be here before this one has returned.
        if (fault is null)
            visit.End(Now);
        await StubDelivery.SendAsync(http, fault, StubWire.Completion(request, response, bill, fault).ToJsonString(), gone.Token);
    }

    private async Task StreamAsync(HttpContext http, StubStream stream, CancellationToken gone)
    {
        if (!_options.BillsOnlyWhatWasSent)
            _ledger.Add(stream.Bill());
        try
        {
            await stream.SendAsync(http, gone);
        }
        finally
        {
            if (_options.BillsOnlyWhatWasSent)
                _ledger.Add(stream.Bill());
        }
    }

    private async Task<ChatResponse?> AskAsync(HttpContext http, StubRequest request, CancellationToken cancellationToken)
    {
        if (!_models.TryGetValue(request.Model, out var client) && !_models.TryGetValue("*", out client))
        {
            await StubDelivery.WriteAsync(http, StatusCodes.Status404NotFound, """{"error":{"message":"no such model","code":"model_not_found"}}""");
            return null;
        }

        try
        {
            return await client.GetResponseAsync(request.Messages, request.Options, cancellationToken);
        }
        catch (ModelCallException exception)
        {
            var code = exception.Status == ModelCallStatus.RejectedRequest ? StatusCodes.Status400BadRequest : StatusCodes.Status503ServiceUnavailable;
            await StubDelivery.WriteAsync(http, code, $$$"""{"error":{"message":"the model refused","code":"{{{exception.Error}}}"}}""");
            return null;
        }
    }

    private StubBill Bill(StubRequest request, ChatResponse response, StubFault? fault)
    {
        var (input, output) = fault is StubFault.BillTokens scripted
            ? (scripted.InputTokens, scripted.OutputTokens)
            : (response.Usage?.InputTokenCount ?? 0, response.Usage?.OutputTokenCount ?? 0);
        return StubBill.Of(request, input, output, _options);
    }

    private void Count(int change)
    {
        lock (_lock)
        {
            InFlight += change;
            MaxInFlight = Math.Max(MaxInFlight, InFlight);
        }
    }
}
