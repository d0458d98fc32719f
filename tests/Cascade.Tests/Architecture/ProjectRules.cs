namespace Cascade.Tests.Architecture;

/// <summary>The arrows of docs/design/0001-house-and-arrows.md.</summary>
internal static class ProjectRules
{
    private static readonly Dictionary<string, string[]> AllowedProjects = new(StringComparer.Ordinal)
    {
        ["Cascade.Planning"] = [],
        ["Cascade.Budgets"] = [],
        ["Cascade.Datasets"] = ["Cascade.Planning"],
        ["Cascade.Contracts"] = [],
        ["Cascade.Providers"] = [],
        ["Cascade.Verification"] = ["Cascade.Planning"],
        ["Cascade.Learning"] = ["Cascade.Planning"],
        ["Cascade.Storage"] = ["Cascade.Contracts"],
        ["Cascade.Client"] = ["Cascade.Contracts"],
        ["Cascade.Grains"] =
        [
            "Cascade.Contracts", "Cascade.Planning", "Cascade.Budgets", "Cascade.Verification", "Cascade.Providers", "Cascade.Storage",
        ],
        ["Cascade.Simulation"] = ["Cascade.Contracts", "Cascade.Budgets", "Cascade.Storage", "Cascade.Grains"],
        ["Cascade.Server"] = ["Cascade.Contracts", "Cascade.Grains", "Cascade.Client", "Cascade.Storage", "Cascade.Providers"],
        ["Cascade.Cli"] =
        [
            "Cascade.Contracts", "Cascade.Planning", "Cascade.Learning", "Cascade.Datasets", "Cascade.Budgets", "Cascade.Verification", "Cascade.Providers",
            "Cascade.Simulation", "Cascade.Storage", "Cascade.Grains", "Cascade.Client",
        ],
    };

    private static readonly Dictionary<string, string[]> AllowedPackages = new(StringComparer.Ordinal)
    {
        ["Cascade.Planning"] = [],
        ["Cascade.Budgets"] = [],
        ["Cascade.Datasets"] = ["Parquet.Net"],
        ["Cascade.Contracts"] = ["Microsoft.Orleans.Sdk"],
    };

    private static readonly string[] AllowedAtTheTop =
    [
        "src", "tests", "deploy", "helm", "docs", "build", ".ci", ".github",
        "Cascade.Cluster.sln", "global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
        "BannedSymbols.txt", "nuget.config", ".editorconfig", ".gitattributes", ".gitignore", ".dockerignore",
        "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "SECURITY.md", "run.sh", "test.sh",
    ];

    private static readonly string[] NotChecked = [".git", "artifacts", "data", "node_modules", ".vs", ".idea", "BenchmarkDotNet.Artifacts", "TestResults"];

    public static IEnumerable<string> CheckReferences(IEnumerable<ProjectFile> projects)
    {
        foreach (var project in projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal)))
        {
            if (!AllowedProjects.TryGetValue(project.Name, out var allowed))
            {
                yield return $"{project.Path}: a project the house does not know; give it its arrows in ProjectRules and the design note";
                continue;
            }

            foreach (var reference in project.ProjectReferences.Except(allowed))
            {
                yield return $"{project.Path}: refers to {reference}; allowed are: {(allowed.Length == 0 ? "none" : string.Join(", ", allowed))}";
            }

            foreach (var package in AllowedPackages.TryGetValue(project.Name, out var packages)
                ? project.PackageReferences.Except(packages)
                : [])
            {
                yield return $"{project.Path}: refers to the package {package}; this project may not";
            }
        }
    }

    /// <summary>What the compiler found in use, which a transitive reference cannot hide from.</summary>
    public static IEnumerable<string> CheckPureAssembly(string name, IEnumerable<string> referenced) => referenced
        .Where(reference => !reference.StartsWith("System.", StringComparison.Ordinal) && reference is not ("System" or "netstandard"))
        .Select(reference => $"{name}: uses {reference}; a pure project uses the base class library only");

    public static IEnumerable<string> CheckTop(IEnumerable<string> entries) => entries
        .Except(AllowedAtTheTop)
        .Except(NotChecked)
        .Select(entry => $"{entry}: does not belong at the top of the tree; move it under src, tests, deploy, helm, docs or build");

    public static IEnumerable<string> CheckKnown(IEnumerable<ProjectFile> projects) => AllowedProjects.Keys
        .Except(projects.Select(project => project.Name))
        .Select(name => $"{name}: the house has it, the tree does not");
}
