using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Cascade.TestKit.Processes;

/// <summary>A program the test started: its lines can be awaited, and it can be killed at any moment. Disposing kills it.</summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly SemaphoreSlim _news = new(0);

    private ChildProcess(Process process) => _process = process;

    /// <summary>The system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>How it ended; only after it has.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Every line of the standard output so far, in order.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Every line of the standard error so far, in order.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    /// <summary>Starts a program.</summary>
    /// <param name="program">An absolute path, or a name to look up in PATH.</param>
    /// <param name="arguments">Its arguments, each given as it is.</param>
    /// <param name="environment">Variables to set for it, beside those of the test.</param>
    /// <param name="workingDirectory">Where it runs; the test's own folder by default.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = info });
        child._process.OutputDataReceived += (_, line) => child.Take(child._lines, line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Take(child._errors, line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Starts a .NET program of this build.</summary>
    /// <param name="assembly">The path of its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set for it, beside those of the test.</param>
    public static ChildProcess StartDotnet(
        string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, .. arguments], environment);

    /// <summary>Waits for a line of the standard output; also finds one that came before the call.</summary>
    /// <param name="wanted">Tells the line that is waited for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The first such line.</returns>
    /// <exception cref="InvalidOperationException">The process ended without it; the message holds what it said.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> wanted, CancellationToken cancellationToken)
    {
        string? line = null;
        await WaitUntilAsync(() => (line = _lines.FirstOrDefault(wanted)) is not null, cancellationToken);
        return line!;
    }

    /// <summary>Waits until the standard output has so many lines.</summary>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The process ended before; the message holds what it said.</exception>
    public Task WaitForCountAsync(int count, CancellationToken cancellationToken) =>
        WaitUntilAsync(() => _lines.Count >= count, cancellationToken);

    /// <summary>Ends the process at once, as a crash would (SIGKILL), and waits until it is gone and all its lines are read.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Asks the process to end (SIGTERM) and waits until it has.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken = default)
    {
        Signal("TERM");
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>Sends a signal by its name, such as <c>TERM</c>, <c>STOP</c> or <c>CONT</c>. Unix only.</summary>
    /// <param name="name">The name without SIG.</param>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        if (kill.ExitCode != 0 && !_process.HasExited)
            throw new InvalidOperationException($"kill -{name} {Id} ended with {kill.ExitCode}.");
    }

    /// <summary>Waits until the process has ended by itself.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>What the process said, for a failure message.</summary>
    public string Transcript() => string.Join('\n', ["-- output --", .. _lines, "-- errors --", .. _errors]);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        try
        {
            await KillAsync();
        }
        catch (Win32Exception) when (_process.HasExited)
        {
            // It ended by itself between the question and the kill.
        }

        _process.Dispose();
        _news.Dispose();
    }

    private async Task WaitUntilAsync(Func<bool> satisfied, CancellationToken cancellationToken)
    {
        while (true)
        {
            var ended = _process.HasExited;
            // The last lines of a process that has ended are still on their way.
            if (ended)
                await _process.WaitForExitAsync(cancellationToken);
            if (satisfied())
                return;
            if (ended)
                throw new InvalidOperationException($"The process ended with {ExitCode} before it said what was awaited.\n{Transcript()}");
            await _news.WaitAsync(LookAgain, cancellationToken);
        }
    }

    private void Take(ConcurrentQueue<string> to, string? line)
    {
        if (line is null)
            return;
        to.Enqueue(line);
        if (_news.CurrentCount == 0)
            _news.Release();
    }
}
