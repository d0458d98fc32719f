namespace Cascade.Datasets.Sources;

/// <summary>Ends the reading of a file; becomes a problem of it.</summary>
internal sealed class FileFault(long? number, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The line or row at which the file cannot be read further; null when that says nothing.</summary>
    public long? Number { get; } = number;
}
