namespace Cascade.Cli;

/// <summary>Ends the command with a message for a person. Never leaves this program.</summary>
internal sealed class CliException(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public int ExitCode => exitCode;
}
