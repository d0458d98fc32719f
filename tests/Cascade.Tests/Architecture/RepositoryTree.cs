using System.Xml.Linq;

namespace Cascade.Tests.Architecture;

/// <summary>The checked-out tree, found by walking up from where the tests run.</summary>
internal static class RepositoryTree
{
    private static readonly string[] SkippedFolders = ["artifacts", "bin", "obj", "node_modules", "data", ".git", "TestResults"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Sources { get; } = ReadSources();

    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files("*.csproj").Select(path => new ProjectFile(Relative(path), XDocument.Load(path)))];

    public static IEnumerable<string> Files(string pattern) => Walk(new DirectoryInfo(Root), pattern)
        .Order(StringComparer.Ordinal);

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Walk(DirectoryInfo folder, string pattern)
    {
        foreach (var file in folder.EnumerateFiles(pattern))
        {
            yield return file.FullName;
        }

        foreach (var child in folder.EnumerateDirectories().Where(child => !SkippedFolders.Contains(child.Name)))
        {
            foreach (var file in Walk(child, pattern))
            {
                yield return file;
            }
        }
    }

    private static SourceFile[] ReadSources() =>
        [.. Files("*.cs").Select(path => new SourceFile(Relative(path), File.ReadAllText(path)))];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cascade.Cluster.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"no Cascade.Cluster.sln above {AppContext.BaseDirectory}");
    }
}

/// <summary>A project file.</summary>
internal sealed record ProjectFile(string Path, XDocument Xml)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public IEnumerable<string> ProjectReferences => Xml.Descendants("ProjectReference")
        .Select(item => System.IO.Path.GetFileNameWithoutExtension(item.Attribute("Include")!.Value.Replace('\\', '/')));

    /// <summary>Packages that reach the output; analyzers stay private.</summary>
    public IEnumerable<string> PackageReferences => Xml.Descendants("PackageReference")
        .Where(item => !string.Equals(item.Attribute("PrivateAssets")?.Value, "all", StringComparison.OrdinalIgnoreCase))
        .Select(item => item.Attribute("Include")!.Value);

    public static ProjectFile Parse(string path, string xml) => new(path, XDocument.Parse(xml));
}
