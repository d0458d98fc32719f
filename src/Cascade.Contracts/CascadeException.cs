namespace Cascade.Contracts;

/// <summary>
/// A fault of the cluster, as opposed to a refusal, which is a value. Every derived type is serializable, so that it can cross a grain boundary.
/// </summary>
[GenerateSerializer, Alias("cascade.exception")]
public class CascadeException : Exception
{
    /// <summary>Creates the exception.</summary>
    public CascadeException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, and for whom.</param>
    public CascadeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What failed, and for whom.</param>
    /// <param name="innerException">The cause.</param>
    public CascadeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
