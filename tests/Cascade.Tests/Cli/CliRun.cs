using Cascade.Cli;
using Cascade.Cli.Commands;
using Spectre.Console;

namespace Cascade.Tests.Cli;

/// <summary>One run of the command line inside the test.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Errors)
{
    public static Task<CliRun> OfAsync(params string[] args) => AtAsync(TimeProvider.System, args);

    public static Task<CliRun> AtAsync(TimeProvider time, params string[] args) => WithAsync(host => host with { Time = time }, args);

    public static async Task<CliRun> WithAsync(Func<CliHost, CliHost> change, params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await CommandTree.RunAsync(args, change(new CliHost(Terminal(output), output, errors, TimeProvider.System, Terminal(errors))));
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
