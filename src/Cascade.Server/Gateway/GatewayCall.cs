using System.Diagnostics;
using Cascade.Contracts;

namespace Cascade.Server.Gateway;

/// <summary>What is known of one HTTP request so far: the source of its headers, its log line and its metrics.</summary>
internal sealed class GatewayCall
{
    public required string RequestId { get; set; }

    public string TraceId { get; set; } = Activity.Current?.TraceId.ToHexString() ?? "";

    public string Account { get; set; } = "";

    public string Model { get; set; } = "";

    public string Code { get; set; } = "";

    public CascadeReply? Reply { get; set; }

    public static GatewayCall Of(HttpContext http) =>
        http.Features.Get<GatewayCall>() ?? throw new InvalidOperationException("the gateway's middleware did not run before this handler");

    /// <summary>Takes the reply. A cluster that traces says under which trace; otherwise it is the one that the caller is told.</summary>
    public CascadeReply Take(CascadeReply reply)
    {
        TraceId = reply.TraceId.Length > 0 ? reply.TraceId : TraceId;
        return Reply = reply with { TraceId = TraceId };
    }
}
