namespace Cascade.Cli.Charts;

/// <summary>Says so when charts are drawn on a machine without fonts: labels would silently be missing.</summary>
internal static class FontCheck
{
    public static async Task WarnAsync(CliHost host)
    {
        if (ChartTheme.Font is null)
        {
            await host.Errors.WriteLineAsync(
                "cascade: this machine has none of the fonts that charts are drawn with, so their labels are missing or misplaced; install DejaVu Sans, "
                + "for example the package fonts-dejavu-core, and run this again");
        }
    }
}
