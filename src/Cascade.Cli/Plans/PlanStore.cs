using System.Text.Json;

namespace Cascade.Cli.Plans;

/// <summary>Plans on disk.</summary>
internal static class PlanStore
{
    public static Task WriteAsync(string path, PlanFile plan, CancellationToken cancellationToken) =>
        OutputFiles.WriteAsync("--out", path, JsonSerializer.Serialize(plan, PlanJson.Options) + "\n", cancellationToken);

    public static async Task<PlanFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoInput, $"'{path}' cannot be read ({problem.Message}); give a file that 'cascade plan fit' wrote", problem);
        }

        try
        {
            var plan = JsonSerializer.Deserialize<PlanFile>(text, PlanJson.Options) ?? throw new JsonException("it holds no plan");
            return plan.Format == PlanFile.CurrentFormat && !plan.Points.IsDefaultOrEmpty && !plan.Models.IsDefaultOrEmpty
                ? plan
                : throw new JsonException($"its format is '{plan.Format}' with {plan.Points.Length} points; this program reads '{PlanFile.CurrentFormat}'");
        }
        catch (JsonException problem)
        {
            throw new CliException(ExitCodes.BadData, $"'{path}' is not a plan: {problem.Message}; fit it again with 'cascade plan fit'", problem);
        }
    }
}
