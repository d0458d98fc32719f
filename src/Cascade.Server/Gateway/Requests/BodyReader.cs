using System.Buffers;
using System.Globalization;
using Cascade.Server.Gateway.Errors;

namespace Cascade.Server.Gateway.Requests;

/// <summary>Reads a body up to a limit and not one buffer further, whether or not its length was announced.</summary>
internal static class BodyReader
{
    public static async Task<(ReadOnlyMemory<byte> Body, ApiError? Error)> ReadAsync(
        HttpRequest request,
        long maxBytes,
        CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return (default, TooLarge(maxBytes));
        }

        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await request.BodyReader.ReadAsync(cancellationToken);
            if (body.WrittenCount + result.Buffer.Length > maxBytes)
            {
                request.BodyReader.AdvanceTo(result.Buffer.Start);
                return (default, TooLarge(maxBytes));
            }

            body.Write(result.Buffer);
            request.BodyReader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return (body.WrittenMemory, null);
            }
        }
    }

    private static ApiError TooLarge(long maxBytes) => new(
        GatewayErrors.BodyTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"the request body is larger than {maxBytes} bytes; send fewer or shorter messages"));

    private static void Write(this ArrayBufferWriter<byte> writer, ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            writer.Write(segment.Span);
        }
    }
}
