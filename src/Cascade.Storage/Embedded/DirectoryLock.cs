using System.Globalization;

namespace Cascade.Storage.Embedded;

/// <summary>Keeps a second process out of a data directory. The system lets go when the process ends, however it ends.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly FileStream _lock;

    private DirectoryLock(FileStream @lock) => _lock = @lock;

    internal static DirectoryLock Take(string directory)
    {
        Directory.CreateDirectory(directory);
        var owner = Path.Combine(directory, "owner.pid");
        try
        {
            var file = new FileStream(Path.Combine(directory, "owner.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // The lock file cannot be read by the one who is kept out, so the name of the owner stands beside it.
            File.WriteAllText(owner, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new DirectoryLock(file);
        }
        catch (IOException cause)
        {
            throw new InvalidOperationException(
                $"DataDirectory '{directory}' is in use by process {NameOf(owner)}. Stop that process, or set {StorageConfig.SectionName}" +
                ":DataDirectory to a folder of its own.",
                cause);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string NameOf(string owner) => File.Exists(owner) ? File.ReadAllText(owner) : "(unknown)";
}
