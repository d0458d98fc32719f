using Cascade.Cli;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Cascade.Tests.Cli;

/// <summary>A small data set of three models, and the other files beside it.</summary>
internal static class TinyOutcomes
{
    public static string File { get; } = Golden("tiny-outcomes.csv");

    public static string Plan { get; } = Golden("tiny-plan.json");

    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "Cli", "Golden", name);

    /// <summary>Fits two strategies, which is quick, while the clock stands.</summary>
    public static async Task<CliRun> FitAsync(string plan, params string[] more)
    {
        var run = await CliRun.AtAsync(new FakeTimeProvider(), ["plan", "fit", "--outcomes", File, "--strategy", "single-model,threshold-pair", "--resamples", "200", "--out", plan, .. more]);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Errors);
        return run;
    }
}
