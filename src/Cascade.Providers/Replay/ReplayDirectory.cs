namespace Cascade.Providers.Replay;

/// <summary>Finds the folder with the recordings.</summary>
public static class ReplayDirectory
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "CASCADE_DATA";

    /// <summary>Where the folder is when nothing names it, relative to the working directory or to any folder above it.</summary>
    public const string Default = "../shared/data";

    /// <summary>Finds the folder.</summary>
    /// <param name="configured">What the configuration says; null or empty when it says nothing.</param>
    /// <returns>A full path, which need not exist.</returns>
    public static string Resolve(string? configured)
    {
        var named = string.IsNullOrWhiteSpace(configured) ? Environment.GetEnvironmentVariable(Variable) : configured;
        if (!string.IsNullOrWhiteSpace(named))
            return Path.GetFullPath(named);

        // Tests and tools run from a folder inside the checkout, so the default is looked for from each folder above, too.
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.GetFullPath(Default, folder.FullName);
            if (Directory.Exists(candidate))
                return candidate;
        }

        return Path.GetFullPath(Default);
    }
}
