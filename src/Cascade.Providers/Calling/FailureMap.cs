using System.ClientModel;
using System.Net.Sockets;

namespace Cascade.Providers.Calling;

/// <summary>Turns whatever a chat client throws into what is known of the call.</summary>
internal static class FailureMap
{
    public static ModelCallException Map(Exception exception, CallScope? scope, DateTimeOffset now)
    {
        if (Chain(exception).OfType<ModelCallException>().FirstOrDefault() is { } known)
            return known;

        // A client that is not watched may have sent anything.
        var unsent = scope?.CloseUnsent() ?? false;
        var head = scope?.Answer ?? Head(exception);
        if (head is { Status: < 200 or >= 300 })
            return OfStatus(head, exception, now);
        if (Chain(exception).OfType<HttpRequestException>().Select(Way).OfType<string>().FirstOrDefault() is { } way)
            return new(ModelCallStatus.Unreachable, BillingCertainty.NotBilled, way, "The provider could not be reached.", exception);
        if (Chain(exception).Any(IsTooLarge))
            return new(ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "response-too-large", "The answer is larger than the limit.", exception);
        if (Chain(exception).Any(IsBroken))
            return unsent ? Unreachable(exception) : ConnectionLost(exception);
        return unsent ? Refused(exception) : Malformed(exception);
    }

    private static ModelCallException OfStatus(AnswerHead head, Exception exception, DateTimeOffset now) =>
        new(HttpStatusMap.Status(head.Status), HttpStatusMap.Billing(head.Status), $"http-{head.Status}", $"The provider answered {head.Status}.", exception)
        {
            RetryAfter = RetryAfterHeader.Parse(head, now),
        };

    private static ModelCallException Unreachable(Exception exception) =>
        new(ModelCallStatus.Unreachable, BillingCertainty.NotBilled, "unreachable", "The connection failed before the request was sent.", exception);

    private static ModelCallException ConnectionLost(Exception exception) =>
        new(ModelCallStatus.ConnectionLost, BillingCertainty.Unknown, "connection-lost", "The connection broke after the request was sent.", exception);

    private static ModelCallException Refused(Exception exception) =>
        new(ModelCallStatus.RejectedRequest, BillingCertainty.NotBilled, "client-refused", "The client would not send the request.", exception);

    private static ModelCallException Malformed(Exception exception) =>
        new(ModelCallStatus.MalformedResponse, BillingCertainty.Unknown, "malformed-response", "The answer could not be understood.", exception);

    // Chat clients that are not watched by our own transport still say the status in their exceptions.
    private static AnswerHead? Head(Exception exception)
    {
        foreach (var each in Chain(exception))
        {
            if (each is HttpRequestException { StatusCode: { } status })
                return new AnswerHead((int)status, null, null);
            if (each is ClientResultException { Status: > 0 } result)
                return new AnswerHead(result.Status, Header(result, "retry-after"), Header(result, "retry-after-ms"));
        }

        return null;
    }

    private static string? Header(ClientResultException exception, string name) =>
        exception.GetRawResponse() is { } response && response.Headers.TryGetValue(name, out var value) ? value : null;

    private static string? Way(HttpRequestException exception) => exception.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "name-resolution",
        HttpRequestError.ConnectionError => "connect",
        HttpRequestError.SecureConnectionError => "tls",
        HttpRequestError.ProxyTunnelError => "proxy",
        _ => null,
    };

    private static bool IsTooLarge(Exception exception) =>
        exception is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded };

    private static bool IsBroken(Exception exception) =>
        exception is IOException or SocketException or HttpRequestException or OperationCanceledException or TimeoutException;

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (var each = exception; each is not null; each = each.InnerException)
            yield return each;
    }
}
