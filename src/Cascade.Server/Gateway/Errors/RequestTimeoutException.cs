namespace Cascade.Server.Gateway.Errors;

/// <summary>The request used up its time. Never crosses a process, so it needs no serializer.</summary>
internal sealed class RequestTimeoutException : Exception
{
    public RequestTimeoutException()
    {
    }

    public RequestTimeoutException(string message)
        : base(message)
    {
    }

    public RequestTimeoutException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
