using Cascade.Planning.Plans;

namespace Cascade.Cli.Plans;

/// <summary>Plans on disk.</summary>
internal static class PlanStore
{
    public static Task WriteAsync(string path, PlanDocument plan, CancellationToken cancellationToken) =>
        OutputFiles.WriteAsync("--out", path, PlanJson.Write(plan), cancellationToken);

    public static async Task<PlanDocument> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return PlanJson.Read(await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoInput, $"'{path}' cannot be read ({problem.Message}); give a file that 'cascade plan fit' wrote", problem);
        }
        catch (PlanFormatException problem)
        {
            throw new CliException(ExitCodes.BadData, $"'{path}' is not a plan: {problem.Message}\nfit it again with 'cascade plan fit'", problem);
        }
    }
}
