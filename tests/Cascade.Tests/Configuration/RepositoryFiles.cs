namespace Cascade.Tests.Configuration;

/// <summary>Files of the repository that tests hold to the code.</summary>
internal static class RepositoryFiles
{
    public static string PathOf(string relative)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cascade.Cluster.sln")))
            {
                return Path.Combine(folder.FullName, relative);
            }
        }

        throw new InvalidOperationException("the tests do not run from inside the repository");
    }

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));
}
