namespace Cascade.Cli;

/// <summary>Files that commands write.</summary>
internal static class OutputFiles
{
    public static Task WriteAsync(string option, string path, string text, CancellationToken cancellationToken) =>
        WriteAsync(option, path, System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);

    public static async Task WriteAsync(string option, string path, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            await File.WriteAllBytesAsync(path, content, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoOutput, $"{option}: '{path}' cannot be written ({problem.Message}); give another place", problem);
        }
    }

    /// <summary>Writes a file beside the place it is for, and puts it there when it is whole.</summary>
    public static async Task ReplaceAsync(string option, string path, Func<Stream, Task> write)
    {
        var part = path + ".part";
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder);
            }

            await using (var stream = File.Create(part))
            {
                await write(stream);
            }

            File.Move(part, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCodes.NoOutput, $"{option}: '{path}' cannot be written ({problem.Message}); give another place", problem);
        }
    }
}
