using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cascade.TestKit.Providers;

/// <summary>How a whole answer, or what is left of it by a fault, gets to the client.</summary>
internal static class StubDelivery
{
    private const string Json = "application/json";

    /// <summary>Sends an answer that is no stream.</summary>
    public static async Task SendAsync(HttpContext http, StubFault? fault, string completion, CancellationToken gone)
    {
        var body = Encoding.UTF8.GetBytes(completion);
        switch (fault)
        {
            case StubFault.WaitAfterBilling wait:
                await wait.Release.WaitAsync(gone);
                await WriteAsync(http, StatusCodes.Status200OK, completion);
                return;
            case StubFault.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, gone);
                return;
            case StubFault.AbortAfterBilling:
                http.Abort();
                return;
            case StubFault.AbortInBody:
                await CutAsync(http, body, body.Length / 2, gone);
                return;
            case StubFault.CutStream cut:
                await CutAsync(http, body, cut.Bytes, gone);
                return;
            case StubFault.EndEarly end:
                http.Response.ContentType = Json;
                await SendAsync(http, body.AsMemory(0, Math.Min(end.Bytes, body.Length)), fault, gone);
                return;
            case StubFault.TrickleBytes:
                http.Response.ContentType = Json;
                await SendAsync(http, body, fault, gone);
                return;
            case StubFault.WrongBody other:
                await WriteAsync(http, StatusCodes.Status200OK, other.Text, other.ContentType);
                return;
            default:
                await WriteAsync(http, StatusCodes.Status200OK, completion, fault is StubFault.WrongContentType wrong ? wrong.ContentType : Json);
                return;
        }
    }

    /// <summary>Sends a part of a body, at the pace of the fault.</summary>
    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> part, StubFault? fault, CancellationToken gone)
    {
        var step = fault is StubFault.TrickleBytes ? 1 : Math.Max(1, part.Length);
        for (var sent = 0; sent < part.Length; sent += step)
        {
            if (fault is StubFault.TrickleBytes trickle)
                await trickle.Step(gone);
            await http.Response.Body.WriteAsync(part.Slice(sent, step), gone);
            await http.Response.Body.FlushAsync(gone);
        }
    }

    public static async Task WriteAsync(HttpContext http, int status, string body, string contentType = Json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        await http.Response.WriteAsync(body, http.RequestAborted);
    }

    // The head promises the whole body, so whoever reads knows that it was cut.
    private static async Task CutAsync(HttpContext http, byte[] body, int bytes, CancellationToken gone)
    {
        http.Response.ContentType = Json;
        http.Response.ContentLength = body.Length;
        await http.Response.StartAsync(gone);
        await SendAsync(http, body.AsMemory(0, Math.Min(bytes, body.Length)), fault: null, gone);
        throw new StubCutException();
    }
}

/// <summary>
/// Closes the connection without an end of the body. An abort would take back what has not arrived yet; this lets everything that was sent arrive first.
/// </summary>
internal sealed class StubCutException() : Exception("The answer is cut here.");
