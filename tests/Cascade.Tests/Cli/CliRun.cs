using Cascade.Cli;
using Cascade.Cli.Commands;
using Spectre.Console;

namespace Cascade.Tests.Cli;

/// <summary>One run of the command line inside the test.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Errors)
{
    public static Task<CliRun> OfAsync(params string[] args) => AtAsync(TimeProvider.System, args);

    public static async Task<CliRun> AtAsync(TimeProvider time, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await CommandTree.RunAsync(args, new CliHost(Terminal(output), output, errors, time, Terminal(errors)));
        return new CliRun(exitCode, output.ToString(), errors.ToString());
    }

    public static IAnsiConsole Terminal(TextWriter output, int width = 80)
    {
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        terminal.Profile.Width = width;
        return terminal;
    }
}
