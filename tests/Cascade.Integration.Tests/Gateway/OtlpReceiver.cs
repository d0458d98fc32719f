using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cascade.Integration.Tests.Gateway;

/// <summary>A span as it came over the wire.</summary>
internal sealed record OtlpSpan(string Source, string Name, string TraceId);

/// <summary>Takes what a server exports by OTLP over gRPC, on 127.0.0.1.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const string TracePath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
    private const int FrameHead = 5;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpSpan> _spans = new();
    private readonly ConcurrentQueue<byte[]> _messages = new();

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public IReadOnlyCollection<OtlpSpan> Spans => _spans;

    /// <summary>Everything that came: traces, metrics and logs.</summary>
    public IReadOnlyCollection<byte[]> Messages => _messages;

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/{**path}", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var message = body.ToArray().AsMemory(FrameHead);
        if (BinaryPrimitives.ReadUInt32BigEndian(body.ToArray().AsSpan(1)) != message.Length)
            throw new InvalidDataException("more than one gRPC frame");
        if (http.Request.Path == TracePath)
            ReadSpans(message);
        _messages.Enqueue(message.ToArray());
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[FrameHead], http.RequestAborted);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private void ReadSpans(ReadOnlyMemory<byte> request)
    {
        foreach (var scopeSpans in Protobuf.Children(request, 1).SelectMany(resource => Protobuf.Children(resource, 2)))
        {
            var source = Protobuf.Text(Protobuf.Children(scopeSpans, 1).Single(), 1);
            foreach (var span in Protobuf.Children(scopeSpans, 2))
                _spans.Enqueue(new OtlpSpan(source, Protobuf.Text(span, 5), Convert.ToHexStringLower(Protobuf.Children(span, 1).Single().Span)));
        }
    }
}
