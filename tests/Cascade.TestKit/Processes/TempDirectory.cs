namespace Cascade.TestKit.Processes;

/// <summary>A folder of one test, removed with everything in it.</summary>
public sealed class TempDirectory : IDisposable
{
    /// <summary>The absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("cascade-test-").FullName;

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
