namespace Cascade.Providers.Replay;

/// <summary>A recording cannot be read. The message says what to repair.</summary>
/// <param name="message">What is wrong, and the repair.</param>
/// <param name="innerException">What caused it; null when nothing did.</param>
public sealed class ReplayDataException(string message, Exception? innerException = null) : Exception(message, innerException);
